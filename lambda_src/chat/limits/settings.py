"""How much may be used in a day, as the environment variables say."""

from dataclasses import dataclass

from chat.environment import Environment, SettingsError, text, whole_number


@dataclass(frozen=True)
class LimitSettings:
    """Daily limits; 0 is no limit. A day ends at midnight UTC.

    Attributes:
        table_name: The DynamoDB table with the counters and the API keys; empty if there is none.
        daily_requests_per_person: Requests of one person.
        daily_tokens_per_person: Tokens of one person, in and out.
        daily_tokens_total: Tokens of all people together.
        concurrent_requests_per_person: Answers of one person that are under way at once; counted anew each day.
    """

    table_name: str = ""
    daily_requests_per_person: int = 0
    daily_tokens_per_person: int = 0
    daily_tokens_total: int = 0
    concurrent_requests_per_person: int = 0

    @classmethod
    def from_environment(cls, variables: Environment) -> "LimitSettings":
        """Read `TABLE_NAME` and `DAILY_…`.

        Raises:
            SettingsError: A variable is wrong.
        """
        read = variables.read
        return cls(
            table_name=read("TABLE_NAME", text, cls.table_name),
            daily_requests_per_person=read("DAILY_REQUESTS_PER_PERSON", whole_number, 0),
            daily_tokens_per_person=read("DAILY_TOKENS_PER_PERSON", whole_number, 0),
            daily_tokens_total=read("DAILY_TOKENS_TOTAL", whole_number, 0),
            concurrent_requests_per_person=read("CONCURRENT_REQUESTS_PER_PERSON", whole_number, 0),
        )

    @property
    def counts(self) -> bool:
        """Whether anything has to be counted."""
        return bool(
            self.daily_requests_per_person
            or self.daily_tokens_per_person
            or self.daily_tokens_total
            or self.concurrent_requests_per_person
        )

    def check(self, *, api_keys: bool, max_output_tokens: int) -> None:
        """Check the limits against the other settings.

        Raises:
            SettingsError: The table is missing, or a limit is so low that no request fits.
        """
        if (self.counts or api_keys) and not self.table_name:
            raise SettingsError("TABLE_NAME is not set; daily limits and API keys need it")
        for name, tokens in (
            ("DAILY_TOKENS_PER_PERSON", self.daily_tokens_per_person),
            ("DAILY_TOKENS_TOTAL", self.daily_tokens_total),
        ):
            if 0 < tokens <= max_output_tokens:
                raise SettingsError(f"{name} must be above MAX_OUTPUT_TOKENS, or no request fits; got {tokens}")
