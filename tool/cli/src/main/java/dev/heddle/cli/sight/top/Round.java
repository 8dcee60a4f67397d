package dev.heddle.cli.sight.top;

import dev.heddle.cli.sight.Answer;
import dev.heddle.cli.sight.Line;
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
record Round(Line all, List<Line> shares, List<Line> rows) {

    static final Round NONE = new Round(new Line(Map.of()), List.of(), List.of());

    /** Reads an answer up to its end, or the end of a round. */
    static Round read(Answer answer) {
        Line all = NONE.all();
        List<Line> shares = new ArrayList<>();
        List<Line> rows = new ArrayList<>();
        for (Line line = answer.next(); line != null && !line.kind().equals("round"); line = answer.next()) {
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
