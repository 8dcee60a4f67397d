package dev.heddle.cli.fetch;

import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.JsonText;
import java.util.Locale;

/** The forms of an outcome as one line of the standard output. */
enum OutcomeLine {
    /** For people: status, size and time in columns, then the URL, then the reason of a failure. */
    TEXT {
        @Override
        String of(FetchOutcome outcome) {
            boolean wasThere = outcome.status() == 0 && outcome.error() == null;
            String status = outcome.status() == 0 ? "---" : Integer.toString(outcome.status());
            String line = String.format(
                    Locale.ROOT,
                    "%s  %9s  %9s  %s",
                    status,
                    HumanFormat.bytes(outcome.bytes()),
                    HumanFormat.time(outcome.nanos()),
                    HumanFormat.printable(outcome.url()));
            line += wasThere ? "  was there" : "";
            return outcome.error() == null ? line + "\n" : line + "  " + HumanFormat.printable(outcome.error()) + "\n";
        }
    },

    /** For programs: one JSON object; {@code status} and {@code error} are null where there is none. */
    JSON {
        @Override
        String of(FetchOutcome outcome) {
            StringBuilder json = new StringBuilder(outcome.url().length() + 96).append("{\"url\":");
            JsonText.string(json, outcome.url());
            json.append(",\"status\":");
            if (outcome.status() == 0) {
                json.append("null");
            } else {
                json.append(outcome.status());
            }
            json.append(",\"bytes\":").append(outcome.bytes());
            json.append(",\"millis\":").append((outcome.nanos() + 500_000) / 1_000_000);
            json.append(",\"error\":");
            if (outcome.error() == null) {
                json.append("null");
            } else {
                JsonText.string(json, outcome.error());
            }
            if (outcome.file() != null) {
                json.append(",\"file\":");
                JsonText.string(json, outcome.file());
            }
            return json.append("}\n").toString();
        }
    };

    /** The line, with its line end. */
    abstract String of(FetchOutcome outcome);
}
