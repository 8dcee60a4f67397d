package dev.heddle.cli.sight.top;

import dev.heddle.cli.sight.AnswerLine;
import dev.heddle.cli.sight.ProgramAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One answer of a program.
 *
 * @param all about all its tasks
 * @param shares about each loop
 * @param rows about each kind of tasks, in the order that was asked for
 */
record Round(AnswerLine all, List<AnswerLine> shares, List<AnswerLine> rows) {

    static final Round NONE = new Round(new AnswerLine(Map.of()), List.of(), List.of());

    /** Reads an answer up to its end, or the end of a round. */
    static Round read(ProgramAnswer answer) {
        AnswerLine all = NONE.all();
        List<AnswerLine> shares = new ArrayList<>();
        List<AnswerLine> rows = new ArrayList<>();
        for (AnswerLine line = answer.next(); line != null && !line.kind().equals("round"); line = answer.next()) {
            switch (line.kind()) {
                case "top" -> all = line;
                case "share" -> shares.add(line);
                case "row" -> rows.add(line);
                default -> {
                    // of a newer program
                }
            }
        }
        return new Round(all, shares, rows);
    }
}
