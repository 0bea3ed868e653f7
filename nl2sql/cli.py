"""The command line: ``nl2sql ask | sql | schema | verify | ui | eval | train``.

Exit code 0: done; 1: no answer or refused; 2: bad input.

Nobody sees a traceback: what went wrong is one sentence on standard error and, with ``--json``, an object with ``error``.
"""
from __future__ import annotations

import argparse
import errno
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

from nl2sql.errors import BadInput, Nl2SqlError, NoAnswer, Refused
from nl2sql.options import Parser, day

if TYPE_CHECKING:
    from nl2sql.assistant import Assistant
    from nl2sql.engine.database import Database
    from nl2sql.records import Example

DONE, NO_ANSWER, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


class _Parser(Parser):
    def error(self, message: str, hint: str = "") -> NoReturn:
        extra = message.partition("unrecognized arguments: ")[2]
        hint = f"a file is given with --db: --db {extra}; " if os.path.isfile(extra) else ""
        super().error(message, hint)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that lacks a letter is no reason to stop
    try:
        options = parser().parse_args(words)
        options.command(options)
        sys.stdout.flush()
        return DONE
    except Nl2SqlError as error:
        return _fail(error, BAD_INPUT if isinstance(error, BadInput) else NO_ANSWER, "--json" in words)
    except BrokenPipeError:
        _drop_output()
        return DONE  # the reader (`| head`) has what it wanted
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return INTERRUPTED
    except OSError as error:
        return _fail(BadInput(_system_error(error)), BAD_INPUT, "--json" in words)
    except Exception as error:  # a bug of ours; the person who asked gets a sentence too
        sentence = f"This is a bug in nl2sql, please report it ({type(error).__name__}: {error})."
        return _fail(Nl2SqlError(sentence), NO_ANSWER, "--json" in words)


def parser() -> argparse.ArgumentParser:
    """All commands and their options; ``command`` is the function that carries one out."""
    top = _Parser(prog="nl2sql", description="Ask a database a question in English.")
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    ask = commands.add_parser("ask", help="answer a question")
    ask.add_argument("text", nargs="?", metavar="QUESTION", help="in English, in quotes")
    _add_database(ask)
    ask.add_argument("--as-of", type=day, metavar="DATE", help="the day that 'last month' counts from, as 2025-12-31")
    ask.set_defaults(command=_ask)

    sql = commands.add_parser("sql", help="run your own SQL through the same checks")
    sql.add_argument("text", nargs="?", metavar="SQL", help="one SELECT, in quotes")
    _add_database(sql)
    sql.set_defaults(command=_sql)
    for rows in (ask, sql):
        rows.add_argument("--csv", action="store_true", help="print the rows as CSV, text that a spreadsheet would run disarmed")

    schema = commands.add_parser("schema", help="show what is known of a database")
    _add_database(schema)
    schema.set_defaults(command=_schema)

    verify = commands.add_parser("verify", help="questions whose SQL you checked: the same question in other words gets that SQL")
    _add_verify(verify.add_subparsers(required=True, metavar="ACTION"))

    ui = commands.add_parser("ui", help="open the page on which questions are asked in a browser")
    _add_files(ui)
    ui.add_argument("--port", type=int, default=7860, help="7860 by default")
    ui.add_argument("--host", default="127.0.0.1", help="the address to listen at; by default this computer alone")
    ui.add_argument("--user", metavar="NAME", help="ask for this name and a password: NL2SQL_PASSWORD, else typed at the start")
    ui.add_argument("--mcp", action="store_true", help="offer ask to programs that speak MCP; not together with --user")
    ui.set_defaults(command=_ui)

    for name, text, command in (("eval", "measure accuracy on a suite", _eval), ("train", "train a model", _train)):
        # No word is an option here: all are handed on to where their meaning lies.
        room = commands.add_parser(name, help=text, add_help=False, prefix_chars="\0")
        room.add_argument("words", nargs="*")
        room.set_defaults(command=command)
    return top


def _add_verify(actions: Any) -> None:
    for name, words, text, command in (
        ("list", (), "show them", _verify_list), ("add", ("QUESTION", "SQL"), "add one, or give it other SQL", _verify_add),
        ("remove", ("NUMBER",), "remove the one with this number", _verify_remove),
        ("export", ("PATH",), "write them to a file", _verify_export), ("import", ("PATH",), "read such a file", _verify_import),
    ):  # fmt: skip
        action = actions.add_parser(name, help=text)
        for word in words:
            action.add_argument(word.lower(), metavar=word, type=int if word == "NUMBER" else str)
        _add_database(action)
        action.set_defaults(command=command)


def _add_files(command: argparse.ArgumentParser) -> None:
    files = "a DuckDB or SQLite file, or CSV and Parquet files; without it the sample database"
    command.add_argument("--db", action="extend", nargs="+", default=[], metavar="FILE", help=files)


def _add_database(command: argparse.ArgumentParser) -> None:
    _add_files(command)
    command.add_argument("--json", action="store_true", help="print one JSON object")


def _ask(options: argparse.Namespace) -> None:
    from nl2sql import show

    question = _text(options, "question")
    with _opened(options.db) as assistant:
        answer = assistant.ask(question, options.as_of)
    if options.json:
        _print_json(show.answer_as_json(answer))
    elif options.csv:
        print(show.to_csv(answer.result, safe=True), end="")
    else:
        show.print_answer(answer)


def _sql(options: argparse.Namespace) -> None:
    from nl2sql import show

    sql = _text(options, "SQL")
    with _opened(options.db) as assistant:
        result = assistant.run_sql(sql)
    if options.json:
        _print_json({"sql": sql, **show.result_as_json(result), "seconds": result.seconds})
    elif options.csv:
        print(show.to_csv(result, safe=True), end="")
    else:
        show.print_result(result)


def _schema(options: argparse.Namespace) -> None:
    from nl2sql import show

    with _opened(options.db) as assistant:
        database = assistant.database
        path, schema, as_of, reason = str(database.path), database.schema, database.as_of, database.as_of_reason
    if options.json:
        _print_json(show.schema_as_json(schema, database=path, as_of=as_of))
    else:
        show.print_schema(schema, database=path, as_of=as_of, as_of_reason=reason)


def _verify_list(options: argparse.Namespace) -> None:
    from nl2sql import show

    with _opened(options.db) as assistant:
        entries = assistant.memory.verified()
    if options.json:
        _print_json({"verified": [show.verified_as_json(entry) for entry in entries]})
    else:
        show.print_verified(entries)


def _verify_add(options: argparse.Namespace) -> None:
    from nl2sql import show

    with _opened(options.db) as assistant:
        entry = assistant.memory.add(options.question, options.sql)
    _done(options, f"Stored as number {entry.number}: {entry.question}", show.verified_as_json(entry))


def _verify_remove(options: argparse.Namespace) -> None:
    with _opened(options.db) as assistant:
        if not assistant.memory.remove(options.number):
            raise BadInput(f"There is no verified question number {options.number}.")
    _done(options, f"Number {options.number} is removed.", {"removed": options.number})


def _verify_export(options: argparse.Namespace) -> None:
    with _opened(options.db) as assistant:
        count = assistant.memory.export(options.path)
    _done(options, f"{count} verified questions are in {options.path}.", {"exported": count})


def _verify_import(options: argparse.Namespace) -> None:
    with _opened(options.db) as assistant:
        count = assistant.memory.load(options.path)
    _done(options, f"{count} verified questions were read from {options.path}.", {"imported": count})


def _done(options: argparse.Namespace, sentence: str, found: dict[str, Any]) -> None:
    if options.json:
        _print_json(found)
    else:
        print(sentence)


def _ui(options: argparse.Namespace) -> None:
    from nl2sql.ui import serve

    login = (options.user, _password()) if options.user else None
    with _opened(options.db) as assistant:
        try:
            serve.serve(
                assistant, host=options.host, port=options.port, login=login, mcp=options.mcp, synthesize=_synthesized
            )
        except KeyboardInterrupt:
            print("The page is closed.")


def _synthesized(database: Database) -> Iterator[Example]:
    from nl2sql import Assistant
    from nl2sql.data.synthesis import synthesize

    day, run = database.as_of, Assistant(database).run_sql
    yield from synthesize(database.schema, database.values, as_of=day, n=1000, seed=1, refusals=0.0, run=lambda q: run(q).rows)


def _password() -> str:
    """From the environment, else typed: on the command line everybody on this computer could read it."""
    import getpass

    try:
        password = os.environ.get("NL2SQL_PASSWORD") or getpass.getpass("Password for the page: ")
    except EOFError as error:
        raise BadInput("Nobody is there to type the password: give it as NL2SQL_PASSWORD.") from error
    if not password:
        raise BadInput("The password is empty.")
    return password


def _eval(options: argparse.Namespace) -> None:
    from nl2sql.eval import run

    run.main(options.words)


def _train(options: argparse.Namespace) -> None:
    from nl2sql.model import train

    train.main(options.words)


def _text(options: argparse.Namespace, what: str) -> str:
    """The question or SQL; after ``--db FILE`` it may have been taken for one more file."""
    if options.text is None and len(options.db) > 1:
        return options.db.pop()
    if options.text is None:
        raise BadInput(f"The {what} is missing.")
    return options.text


@contextmanager
def _opened(files: Sequence[str]) -> Iterator[Assistant]:
    from nl2sql import Assistant, Database

    if not files:
        with Assistant() as assistant:
            yield assistant
    else:
        with Database(list(files)) as database, Assistant(database) as assistant:
            yield assistant


def _print_json(found: dict[str, Any]) -> None:
    print(json.dumps(found, allow_nan=False))


def _fail(error: Nl2SqlError, code: int, as_json: bool) -> int:
    """Say what went wrong and return the exit code."""
    from nl2sql import show

    rule = error.rule if isinstance(error, Refused) else None
    failures = error.failures if isinstance(error, NoAnswer) else ()
    lines = [f"nl2sql: {error}" + (f" (rule: {rule})" if rule else "")]
    lines += [f"  tried: {failure.sql}\n         {failure.error}" for failure in failures]
    print(show.visible("\n".join(lines)), file=sys.stderr)
    try:
        if as_json:
            _print_json({"error": str(error), "rule": rule, "failures": show.failures_as_json(failures)})
        sys.stdout.flush()
    except OSError:
        _drop_output()  # what can't be written has been said on standard error
    return code


def _system_error(error: OSError) -> str:
    place = f" ({error.filename})" if error.filename else ""
    if error.errno == errno.ENOSPC:
        return f"The disk is full{place}."
    return f"{error.strerror or error}{place}."


def _drop_output() -> None:
    """What is left in the buffer of standard output must not fail again when the interpreter ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
