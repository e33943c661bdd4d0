"""A desk that nobody uses closes itself, in a house whose register has a passphrase."""

from __future__ import annotations

import asyncio
import hmac

from tornado.web import authenticated

from clss_analysis.desk.handlers import Answer
from clss_analysis.privacy.lock import phrase_of
from clss_analysis.privacy.register import register_of

_PAUSE = 1.0
"""Seconds that a wrong passphrase costs."""


class Idle(Answer):
    """Closed until the passphrase of the register is told."""

    wakes = True

    @authenticated
    def get(self) -> None:
        """Close, and ask."""
        self.desk.closed = self.desk.house.settings.passphrase
        self.page("idle.html", told=self.desk.told)
        self.desk.told = []

    @authenticated
    async def post(self) -> None:
        """Open, where the passphrase is right."""
        desk, register = self.desk, register_of(self.desk.house.records)
        said = self.get_body_argument("phrase", "", strip=False)
        if register and hmac.compare_digest(phrase_of(register).encode(), said.encode()):
            desk.closed = False
        else:
            await asyncio.sleep(_PAUSE)
            desk.told = [desk.say("desk.idle.wrong")]
        self.redirect("/clss/idle" if desk.closed else "/clss/")
