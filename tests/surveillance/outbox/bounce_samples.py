"""Mails as servers send them back, written after RFC 3464, RFC 6522 and RFC 3834."""

POSTFIX = """\
Return-Path: <>
From: MAILER-DAEMON@mx.market.example (Mail Delivery System)
To: surveillance@example.org
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="AA/mx"

--AA/mx
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--AA/mx
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.market.example
Arrival-Date: Mon, 28 Sep 2026 08:00:03 +0000

Final-Recipient: rfc822; safety@harbour-market.example
Original-Recipient: rfc822;safety@harbour-market.example
Action: failed
Status: 5.1.1
Remote-MTA: dns; mail.harbour-market.example
Diagnostic-Code: smtp; 550 5.1.1 <safety@harbour-market.example>: Recipient
    address rejected: User unknown

--AA/mx
Content-Type: message/rfc822

From: Product Safety <surveillance@example.org>
To: safety@harbour-market.example
Subject: Remove unsafe products
Message-ID: <{id}@example.org>
MIME-Version: 1.0
Content-Type: text/plain

Remove them.
--AA/mx--
"""

HEADERS_ONLY = """\
From: postmaster@big.example
To: surveillance@example.org
Subject: Delivery Status Notification (Failure)
MIME-Version: 1.0
Content-Type: multipart/report; boundary="bb"; report-type=delivery-status

--bb
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: base64

5oqx5q2J77yM5peg5rOV5oqV6YCS

--bb
Content-Type: message/delivery-status

Reporting-MTA: dns; big.example

Final-Recipient: rfc822; reader@big.example
Action: failed
Status: 5.2.2 (mailbox full)
Diagnostic-Code: smtp; 552 5.2.2 mailbox full

--bb
Content-Type: text/rfc822-headers

Received: from example.org
Message-Id: <{id}@example.org>
Subject: Remove unsafe products

--bb--
"""

WITHOUT_THE_LETTER = """\
From: postmaster@terse.example
To: surveillance@example.org
Subject: failure notice
In-Reply-To: <{id}@example.org>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=cc

--cc
Content-Type: text/plain

No.
--cc
Content-Type: message/delivery-status

Reporting-MTA: dns; terse.example

Final-Recipient: rfc822; reader@terse.example
Action: FAILED
Status: 5.7.1

--cc--
"""

# The first recipient was reached, the second not.
TWO_RECIPIENTS = POSTFIX.replace(
    "Final-Recipient: rfc822; safety@harbour-market.example\n",
    "Final-Recipient: rfc822; other@harbour-market.example\nAction: delivered\nStatus: 2.0.0\n\n"
    "Final-Recipient: rfc822; safety@harbour-market.example\n",
)
FAILURES = {
    "postfix": POSTFIX,
    "headers only": HEADERS_ONLY,
    "without the letter": WITHOUT_THE_LETTER,
    "two recipients": TWO_RECIPIENTS,
}

DELAYED = POSTFIX.replace("Action: failed", "Action: delayed").replace("5.1.1", "4.4.1")
SUCCESS = POSTFIX.replace("Action: failed", "Action: delivered").replace("5.1.1", "2.1.5")
OUT_OF_OFFICE = """\
From: reader@x.example
To: surveillance@example.org
Subject: Out of office
Auto-Submitted: auto-replied
In-Reply-To: <{id}@example.org>

Back on Monday.
"""
FOREIGN = POSTFIX.replace("{id}", "20260928.1234")
NO_STATUS = POSTFIX.replace("message/delivery-status", "text/plain")
EMPTY_STATUS = HEADERS_ONLY.replace("Final-Recipient: rfc822; reader@big.example\n", "")
CUT = POSTFIX[:700]
OTHERS = {
    "delayed": DELAYED,
    "delivered": SUCCESS,
    "out of office": OUT_OF_OFFICE,
    "somebody else's letter": FOREIGN,
    "a report without a status": NO_STATUS,
    "a status without a recipient": EMPTY_STATUS,
    "cut off": CUT,
    "nothing": "",
}
