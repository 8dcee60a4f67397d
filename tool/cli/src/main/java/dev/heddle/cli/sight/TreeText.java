package dev.heddle.cli.sight;

import dev.heddle.cli.command.HumanFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A tree of tasks as text, line by line: each task deeper than its owner, those of a group below a line of the group's
 * own. It keeps only what is around the last task.
 *
 * <p>Threads: one.
 */
final class TreeText {

    private static final String STEP = "  ";

    private final String indent;

    /** The place of the last task in each depth, the outermost first. */
    private final List<Place> places = new ArrayList<>();

    /** @param group the group that the task is in, of those that its owner has opened; negative for its services */
    private record Place(long task, long group, int steps) {}

    /** @param indent stands before each line */
    TreeText(String indent) {
        this.indent = indent;
    }

    /** The text of one more line of the answer, ending in a line end. */
    String of(AnswerLine line) {
        return switch (line.kind()) {
            case "loop" -> loop(line);
            case "task" -> task(line);
            case "more" -> more(line);
            case "held" -> indent + STEP + line.text("loop") + " answers no more" + heldBy(line) + "\n";
            default -> "";
        };
    }

    private String loop(AnswerLine line) {
        places.clear();
        var text = new StringBuilder(indent).append(line.text("loop")).append(" (").append(line.text("engine"))
                .append("), ").append(HumanFormat.count(line.number("tasks"), "task"));
        if (!line.flag("answers")) {
            text.append(", does not answer").append(heldBy(line));
        }
        return text.append('\n').toString();
    }

    private static String heldBy(AnswerLine line) {
        return (line.has("running") ? "; held by " + line.text("running") + " #" + line.number("task") : "")
                + (line.has("at") ? " at " + line.text("at") : "");
    }

    private String task(AnswerLine line) {
        int depth = (int) Math.max(1, line.number("depth"));
        long group = line.flag("service") ? -line.number("group") : line.number("group");
        Place before = depth <= places.size() ? places.get(depth - 1) : null;
        while (places.size() >= depth) {
            places.removeLast();
        }
        int around = places.isEmpty() ? 0 : places.getLast().steps;
        var text = new StringBuilder();
        if (group != 0 && (before == null || before.group != group)) {
            start(text, around + 1).append(group < 0 ? "services of the group:\n" : "group:\n");
        }
        int steps = around + (group == 0 ? 1 : 2);
        places.add(new Place(line.number("id"), group, steps));
        start(text, steps).append(line.text("name")).append(" #").append(line.number("id")).append(": ");
        addWords(text, line);
        return text.append('\n').toString();
    }

    private String more(AnswerLine line) {
        int depth = (int) line.number("depth");
        int around = depth > 1 && depth - 2 < places.size() ? places.get(depth - 2).steps : 0;
        return start(new StringBuilder(), around + 1).append("... and ")
                .append(HumanFormat.count(line.number("tasks"), "more task"))
                .append('\n')
                .toString();
    }

    private StringBuilder start(StringBuilder text, int steps) {
        return text.append(indent).repeat(STEP, steps);
    }

    private static void addWords(StringBuilder text, AnswerLine line) {
        text.append(switch (line.text("state")) {
            case "ready" -> "ready to run";
            case "pending" -> "not begun";
            default -> line.text("for");
        });
        List<String> holders = line.list("holders").stream().map(String::valueOf).toList();
        if (!holders.isEmpty() && !line.text("for").contains(holders.getFirst())) {
            text.append(", held by ").append(WaitText.some(holders));
        }
        if (line.has("waited")) {
            text.append(", for ").append(time(line, "waited"));
        }
        if (line.has("deadline")) {
            text.append(", ").append(time(line, "deadline")).append(" left");
        }
        if (line.has("cancelled")) {
            text.append(", cancelled ").append(time(line, "cancelledFor")).append(" ago: ")
                    .append(line.text("cancelled"));
        }
        text.append("  (").append(time(line, "age")).append(" old");
        if (line.has("spawned")) {
            text.append(", ").append(place(line.text("spawned")));
        }
        text.append(')');
        if (line.has("at")) {
            text.append(" at ").append(line.text("at"));
        }
    }

    /** The file and line of a frame. */
    private static String place(String frame) {
        int open = frame.lastIndexOf('(');
        return open < 0 || !frame.endsWith(")") ? frame : frame.substring(open + 1, frame.length() - 1);
    }

    static String time(AnswerLine line, String name) {
        return HumanFormat.time(TimeUnit.MILLISECONDS.toNanos(line.number(name)));
    }
}
