"""Both benchmarks, end to end, at the threshold that is chosen without labels."""

import pytest

from tests.sellers.screening.benchmarks import (
    abt_buy,
    amazon_google,
    best_of,
    f1,
    mutual,
    threshold,
)


@pytest.mark.parametrize(
    ("benchmark", "least", "least_mutual"),
    [(abt_buy, 89, 91), (amazon_google, 66, 69)],
    ids=["Abt-Buy", "Amazon-Google"],
)
def test_finds_as_many_as_promised(benchmark, least, least_mutual):
    known = benchmark()
    best = best_of(known)
    both = mutual(best)
    top = f1(best, known.pairs, threshold(best))
    top_mutual = f1(both, known.pairs, threshold(both))
    print(f"\ntop-1 {top:.1f} (target {least}), mutual {top_mutual:.1f} (target {least_mutual})")
    assert top >= least
    assert top_mutual >= least_mutual


def test_the_same_answer_every_time():
    known = abt_buy()
    assert best_of(known) == best_of(known)
