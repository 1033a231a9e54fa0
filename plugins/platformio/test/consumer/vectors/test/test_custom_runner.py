"""Reads what the programs of this folder print: `ok NAME` or `not ok NAME` for each case, and `done` at the end."""

import re

import click
from platformio.test.result import TestCase, TestStatus
from platformio.test.runners.base import TestRunnerBase


class CustomTestRunner(TestRunnerBase):
    def on_testing_line_output(self, line):
        click.echo(line, nl=False)
        found = re.match(r"(ok|not ok) (.+)", line)
        if found:
            status = TestStatus.PASSED if found[1] == "ok" else TestStatus.FAILED
            self.test_suite.add_case(TestCase(name=found[2].strip(), status=status))
        if line.startswith("done"):
            self.test_suite.on_finish()
