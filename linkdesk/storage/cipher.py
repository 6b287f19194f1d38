"""Encryption at rest: tokens in the database are useless without LINKDESK_SECRET_KEY."""

from __future__ import annotations

from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr

from linkdesk.errors.base import NotConfigured, Trouble
from linkdesk.errors.codes import oauth as sign_in_errors
from tool_specs.declaration.localized import Localized

NO_KEY: Final = Localized(
    en="Tokens are kept encrypted, and no key is set: make one with `linkdesk key` "
    "and put it into LINKDESK_SECRET_KEY.",
    ru="Токены хранятся зашифрованными, а ключ не задан: создайте его командой `linkdesk key` "
    "и впишите в LINKDESK_SECRET_KEY.",
)


WRONG_KEY: Final = Localized(
    en="LINKDESK_SECRET_KEY cannot decrypt the tokens in the database: add the key they were encrypted with after a "
    "comma, or run `linkdesk signout --everybody` and let everybody sign in again.",
    ru="Ключ из LINKDESK_SECRET_KEY не подходит к токенам в базе данных: допишите через запятую ключ, которым они "
    "зашифрованы, или выполните `linkdesk signout --everybody`, и пусть все войдут заново.",
)


class Cipher:
    """Encrypts with the newest key and decrypts with any."""

    def __init__(self, keys: MultiFernet) -> None:
        """Take the keys, newest first."""
        self._keys = keys

    @classmethod
    def of(cls, setting: SecretStr | None) -> Cipher:
        """Build the cipher from the setting: keys separated by commas, the newest first.

        Raises:
            NotConfigured: no key is set, or one is invalid.
        """
        names = [part.strip() for part in (setting.get_secret_value() if setting else "").split(",") if part.strip()]
        if not names:
            raise NotConfigured(NO_KEY)
        try:
            return cls(MultiFernet([Fernet(name) for name in names]))
        except ValueError:
            raise NotConfigured(NO_KEY) from None

    def encrypt(self, text: str) -> str:
        """Encrypt a text."""
        return self._keys.encrypt(text.encode()).decode()

    def decrypt(self, sealed: str) -> str:
        """Decrypt a text.

        Raises:
            Trouble: none of the keys fits.
        """
        try:
            return self._keys.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise Trouble(sign_in_errors.WRONG_SECRET_KEY) from None

    def can_decrypt(self, sealed: str) -> bool:
        """Return whether one of the keys decrypts a text."""
        try:
            self._keys.decrypt(sealed.encode())
        except InvalidToken:
            return False
        return True


def new_key() -> str:
    """Generate a key."""
    return Fernet.generate_key().decode()
