package dev.heddle.internal.diagnosis;

import dev.heddle.WaitReport;
import dev.heddle.WaitReport.Kind;
import dev.heddle.WaitReport.Wait;
import dev.heddle.internal.Durations;
import java.util.List;

/** A wait report as a page for people: what is worst comes first. */
public final class WaitPage {

    private static final int MAX_FRAMES = 16;
    private static final int MAX_HOLDERS = 8;

    private final StringBuilder text = new StringBuilder();

    private WaitPage() {}

    public static String of(WaitReport report) {
        var page = new WaitPage();
        page.add(report);
        return page.text.toString();
    }

    public static String of(Wait wait) {
        var page = new WaitPage();
        page.add("", wait);
        return page.text.toString();
    }

    private void add(WaitReport report) {
        text.append(count(report.cycles().size(), "cycle"))
                .append(", ")
                .append(count(report.starved().size(), "starved loop"))
                .append(", ")
                .append(count(report.waits().size() + report.leftOut(), "other wait"));
        for (List<Wait> cycle : report.cycles()) {
            text.append("\n\ncycle of ").append(cycle.size())
                    .append(": each waits for the next, the last for the first");
            for (Wait wait : cycle) {
                text.append('\n');
                add("  ", wait);
                addStack(wait.stack());
            }
        }
        for (WaitReport.StarvedLoop loop : report.starved()) {
            text.append("\n\nstarved: ").append(loop.loop()).append(" does not answer; held by ").append(loop.heldBy());
            addStack(loop.stack());
        }
        if (!report.waits().isEmpty()) {
            text.append("\n\nwaiting:");
        }
        for (Wait wait : report.waits()) {
            text.append('\n');
            add("  ", wait);
        }
        if (report.leftOut() > 0) {
            text.append("\n  ... and ").append(report.leftOut()).append(" more");
        }
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private void add(String indent, Wait wait) {
        text.append(indent).append(wait.who()).append(": ").append(wait.what());
        addHolders(wait);
        if (!wait.waited().isZero()) {
            text.append(", for ").append(Durations.words(wait.waited()));
        }
        if (wait.limited()) {
            text.append(", until a deadline");
        }
        wait.line().ifPresent(line -> text.append('\n').append(indent).append("    at ").append(line));
        if (!wait.spawnedAt().isEmpty()) {
            text.append('\n').append(indent).append("    spawned at ").append(wait.spawnedAt());
        }
    }

    /** What is joined says itself who ends the wait. */
    private void addHolders(Wait wait) {
        List<String> holders = wait.holders();
        if (wait.kind() == Kind.LOCK || wait.kind() == Kind.MONITOR) {
            text.append(holders.isEmpty() ? ", holder unknown" : ", held by ");
        } else if (wait.kind() == Kind.GROUP && !holders.isEmpty()) {
            text.append(": ");
        } else {
            return;
        }
        text.append(String.join(", ", holders.subList(0, Math.min(holders.size(), MAX_HOLDERS))));
        if (holders.size() > MAX_HOLDERS) {
            text.append(" and ").append(holders.size() - MAX_HOLDERS).append(" more");
        }
    }

    private void addStack(List<StackTraceElement> stack) {
        text.append("\n      stack:");
        for (StackTraceElement frame : stack.subList(0, Math.min(stack.size(), MAX_FRAMES))) {
            text.append("\n        ").append(frame);
        }
        if (stack.size() > MAX_FRAMES) {
            text.append("\n        ... and ").append(stack.size() - MAX_FRAMES).append(" more");
        }
    }
}
