from tools.doctor.findings import failed, good


def test_a_finding_is_one_line_and_its_advice_stands_under_it() -> None:
    finding = failed("parameter /key", "is not set", "first do this\nthen that")

    assert str(finding).splitlines() == [
        "     FAILED  parameter /key: is not set",
        "             first do this",
        "             then that",
    ]


def test_without_advice_there_is_only_the_line() -> None:
    assert str(good("region", "eu-central-1")) == "         ok  region: eu-central-1"
