from collections.abc import AsyncGenerator

import pytest

from tests.support.sandbox_env import SandboxEnv, open_sandbox_env


@pytest.fixture
async def env() -> AsyncGenerator[SandboxEnv]:
    async with open_sandbox_env(rate=None) as opened:
        yield opened
