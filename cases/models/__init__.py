"""The work: reports, cases, risk assessments, takedown requests and their items, evidence."""

from cases.models.answer_file import AnswerFile, AnswerRow
from cases.models.appeal import Appeal
from cases.models.assessment import RiskAssessment
from cases.models.case import Case, CaseListing, CaseNote
from cases.models.contest import Contest
from cases.models.evidence import Evidence
from cases.models.formal_letter import FormalLetter
from cases.models.report import Report, ReporterContact
from cases.models.takedown import Extension, Item, TakedownRequest
from cases.models.tally import Tally, TallyBasis, TallyMark

__all__ = [
    "AnswerFile",
    "AnswerRow",
    "Appeal",
    "Case",
    "CaseListing",
    "CaseNote",
    "Contest",
    "Evidence",
    "Extension",
    "FormalLetter",
    "Item",
    "Report",
    "ReporterContact",
    "RiskAssessment",
    "TakedownRequest",
    "Tally",
    "TallyBasis",
    "TallyMark",
]
