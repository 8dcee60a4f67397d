package dev.heddle.cli.sight;

import dev.heddle.cli.command.HumanFormat;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongFunction;

/**
 * The graph of waits of a program as text, what is worst first: loops that do not answer, cycles, then trees. In a tree
 * each stands below the one that it waits for, so that who holds up most stands on top. Where a wait will be ended in
 * another process, what waits there is told below it.
 *
 * <p>Threads: one.
 */
final class WaitText {

    /** Those that wait for the same and are shown; the others are counted. */
    private static final int MAX_ALIKE = 5;

    private static final int MAX_NAMES = 3;

    /** The deepest that somebody stands below others. */
    private static final int MAX_DEPTH = 30;

    private static final String STEP = "  ";

    private final String indent;
    private final LongFunction<Optional<String>> process;
    private final StringBuilder text = new StringBuilder();

    /** Who waits and who is waited for, by their numbers, in the order of the answer. */
    private final Map<Long, AnswerLine> nodes = new LinkedHashMap<>();

    private final List<AnswerLine> starved = new ArrayList<>();
    private final Map<Long, List<AnswerLine>> cycles = new TreeMap<>();

    /** Those that wait for each. */
    private final Map<Long, List<AnswerLine>> waiting = new HashMap<>();

    private final Set<Long> told = new HashSet<>();

    /** Whether who did last what would end a wait is blamed for it, too. */
    private boolean likelyBlamed = true;

    private AnswerLine summary = new AnswerLine(Map.of());

    /**
     * @param indent stands before each line
     * @param process gives what waits in another process, as text that is indented; empty if that was told already
     */
    WaitText(String indent, LongFunction<Optional<String>> process) {
        this.indent = indent;
        this.process = process;
    }

    /** Takes one more line of the answer. */
    void add(AnswerLine line) {
        switch (line.kind()) {
            case "wait" -> {
                nodes.put(line.number("node"), line);
                if (line.has("cycle")) {
                    cycles.computeIfAbsent(line.number("cycle"), any -> new ArrayList<>()).add(line);
                }
            }
            case "holder" -> nodes.put(line.number("node"), line);
            case "starved" -> starved.add(line);
            case "summary" -> summary = line;
            default -> {}
        }
    }

    /** The whole text, ending in a line end. */
    @Override
    public String toString() {
        findWaiting();
        addHead();
        starved.forEach(this::addStarved);
        cycles.values().forEach(this::addCycle);
        addTrees();
        // What is left goes round by those who are only likely to end the wait.
        nodes.values().stream()
                .filter(node -> blamed(node) != 0 && !told.contains(node.number("node")))
                .toList()
                .forEach(this::addLikelyCycle);
        addRest();
        return text.toString();
    }

    /**
     * Some of those that wait, each with those that it holds up below it.
     *
     * @param picked their numbers
     */
    String of(Set<Long> picked) {
        likelyBlamed = false;
        findWaiting();
        cycles.values().forEach(this::addCycle);
        Map<String, Integer> alike = new LinkedHashMap<>();
        for (long number : picked) {
            AnswerLine node = nodes.get(number);
            if (node == null || !told.add(number)) {
                continue;
            }
            String place = node.has("at") ? " at " + frame(node.text("at")) : " elsewhere";
            if (alike.merge(place, 1, Integer::sum) <= MAX_ALIKE) {
                text.append('\n');
                addNode(node, 0, below(node).size());
                addWaiting(node, 0);
            }
        }
        alike.forEach((place, count) -> {
            if (count > MAX_ALIKE) {
                start(0).append("\n... and ").append(HumanFormat.count(count - MAX_ALIKE)).append(" more").append(place)
                        .append('\n');
            }
        });
        return text.toString();
    }

    private void findWaiting() {
        nodes.values().forEach(node -> {
            long blamed = blamed(node);
            if (blamed != 0) {
                waiting.computeIfAbsent(blamed, any -> new ArrayList<>()).add(node);
            }
        });
    }

    private void addTrees() {
        record Root(AnswerLine node, int held) {}
        List<Root> roots = nodes.values().stream()
                .filter(node -> blamed(node) == 0 && (waiting.containsKey(node.number("node")) || node.has("pid")))
                .map(node -> new Root(node, below(node).size()))
                .sorted(Comparator.comparingInt(Root::held).reversed())
                .toList();
        for (Root root : roots) {
            text.append('\n');
            addNode(root.node, 0, root.held);
            told.add(root.node.number("node"));
            addWaiting(root.node, 0);
        }
    }

    private void addHead() {
        long waits = nodes.values().stream().filter(node -> node.kind().equals("wait")).count();
        start(0).append(HumanFormat.count(cycles.size(), "cycle")).append(", ")
                .append(HumanFormat.count(starved.size(), "loop"))
                .append(" held, ")
                .append(HumanFormat.count(waits, "wait"))
                .append(" for others\n");
    }

    private void addStarved(AnswerLine loop) {
        text.append('\n');
        start(0).append("loop ").append(loop.text("loop")).append(" does not answer, held by ")
                .append(loop.text("heldBy"))
                .append('\n');
        addPlaces(loop, 0);
    }

    private void addCycle(List<AnswerLine> cycle) {
        text.append('\n');
        start(0).append("cycle of ").append(cycle.size())
                .append(": each waits for the next, the last for the first\n");
        for (AnswerLine node : cycle) {
            addNode(node, 1, 0);
            told.add(node.number("node"));
        }
        cycle.forEach(node -> addWaiting(node, 1));
    }

    private void addLikelyCycle(AnswerLine start) {
        if (told.contains(start.number("node"))) {
            return;
        }
        Set<Long> round = new HashSet<>();
        AnswerLine node = start;
        while (round.add(node.number("node"))) {
            node = Objects.requireNonNull(nodes.get(blamed(node)));
        }
        text.append('\n');
        start(0).append("perhaps a cycle: each waits for what the next was the last to do\n");
        addTree(node, 1);
    }

    private void addTree(AnswerLine node, int depth) {
        addNode(node, depth, 0);
        told.add(node.number("node"));
        addWaiting(node, depth);
    }

    /** Those that wait for one, and those that wait for these. */
    private void addWaiting(AnswerLine holder, int depth) {
        if (depth == MAX_DEPTH) {
            List<AnswerLine> deeper = below(holder);
            deeper.forEach(node -> told.add(node.number("node")));
            if (!deeper.isEmpty()) {
                start(depth + 1).append("... and ").append(HumanFormat.count(deeper.size())).append(" more below\n");
            }
            return;
        }
        Map<String, Integer> alike = new LinkedHashMap<>();
        for (AnswerLine node : waiting.getOrDefault(holder.number("node"), List.of())) {
            if (told.add(node.number("node"))) {
                if (alike.merge(node.text("what"), 1, Integer::sum) <= MAX_ALIKE) {
                    addTree(node, depth + 1);
                } else {
                    below(node).forEach(each -> told.add(each.number("node")));
                }
            }
        }
        alike.forEach((what, count) -> {
            if (count > MAX_ALIKE) {
                start(depth + 1).append("... and ").append(HumanFormat.count(count - MAX_ALIKE)).append(" more: ")
                        .append(what)
                        .append('\n');
            }
        });
    }

    private void addRest() {
        List<AnswerLine> rest = nodes.values().stream()
                .filter(node -> node.kind().equals("wait") && !told.contains(node.number("node"))
                        && blamed(node) == 0)
                .toList();
        if (!rest.isEmpty()) {
            text.append('\n');
            start(0).append("waiting for what nobody is known to hold:\n");
            rest.forEach(node -> addNode(node, 1, 0));
        }
        long plain = summary.number("plain");
        long leftOut = summary.number("leftOut");
        if (plain > 0 || leftOut > 0) {
            text.append('\n');
        }
        if (plain > 0) {
            start(0).append(HumanFormat.count(plain, "more task")).append(plain == 1 ? " waits" : " wait")
                    .append(" for a time, for bytes or the like\n");
        }
        if (leftOut > 0) {
            start(0).append(HumanFormat.count(leftOut, "wait")).append(" left out; --max tells how many to list\n");
        }
    }

    /** @param held how many it holds up; 0 to say nothing of that */
    private void addNode(AnswerLine node, int depth, int held) {
        start(depth).append(node.text("who")).append(": ");
        if (node.kind().equals("holder")) {
            text.append(node.text("state"));
        } else {
            addWords(node);
        }
        if (held > 0) {
            text.append("; holds up ").append(HumanFormat.count(held));
        }
        text.append('\n');
        addPlaces(node, depth);
        long pid = node.number("pid");
        if (pid != 0) {
            process.apply(pid).ifPresent(there -> {
                start(depth + 1).append("in process ").append(pid).append(":\n");
                there.lines().forEach(line -> (line.isEmpty() ? text : start(depth + 2).append(line)).append('\n'));
            });
        }
    }

    private void addWords(AnswerLine node) {
        text.append(node.text("what"));
        List<String> holders = names(node, "holders");
        List<String> likely = names(node, "likely");
        if (!holders.isEmpty() && !node.text("whatKind").equals("task")) {
            text.append(", held by ").append(some(holders));
        } else if (!likely.isEmpty()) {
            text.append(", last served by ").append(some(likely));
        }
        if (node.has("waited")) {
            text.append(", for ").append(TreeText.time(node, "waited"));
        }
        if (node.flag("limited")) {
            text.append(", until a deadline");
        }
        if (node.flag("orphaned")) {
            text.append("; nobody who has served it is left");
        }
    }

    private void addPlaces(AnswerLine node, int depth) {
        if (!node.list("stack").isEmpty()) {
            node.list("stack").forEach(frame -> start(depth).append("    at ").append(frame(String.valueOf(frame)))
                    .append('\n'));
        } else if (node.has("at")) {
            start(depth).append("    at ").append(frame(node.text("at"))).append('\n');
        }
        if (node.has("spawned")) {
            start(depth).append("    spawned at ").append(frame(node.text("spawned"))).append('\n');
        }
    }

    /** A line of code without the class loader that it came by. */
    private static String frame(String frame) {
        return frame.substring(frame.indexOf("//") < 0 ? 0 : frame.indexOf("//") + 2);
    }

    private StringBuilder start(int steps) {
        return text.append(indent).repeat(STEP, steps);
    }

    /** The one that a wait is blamed on: the first that holds what it is for, or served it last; 0 for nobody. */
    private long blamed(AnswerLine node) {
        for (String name : likelyBlamed ? List.of("holders", "likely") : List.of("holders")) {
            for (Object other : node.list(name)) {
                if (other instanceof Long number && nodes.containsKey(number) && number != node.number("node")) {
                    return number;
                }
            }
        }
        return 0;
    }

    /** Those that wait for one, and for these, and so on. They may be a long chain, so this does not recurse. */
    private List<AnswerLine> below(AnswerLine holder) {
        List<AnswerLine> below = new ArrayList<>();
        Set<Long> seen = new HashSet<>(Set.of(holder.number("node"))); // they may go round
        AnswerLine next = holder;
        for (int i = 0; next != null; i++) {
            for (AnswerLine each : waiting.getOrDefault(next.number("node"), List.of())) {
                if (seen.add(each.number("node"))) {
                    below.add(each);
                }
            }
            next = i < below.size() ? below.get(i) : null;
        }
        return below;
    }

    private List<String> names(AnswerLine node, String list) {
        return node.list(list).stream()
                .map(number -> number.equals(node.number("node"))
                        ? "itself"
                        : number instanceof Long other && nodes.containsKey(other)
                                ? nodes.get(other).text("who")
                                : "#" + number)
                .toList();
    }

    /** Some names and how many more there are. */
    static String some(List<String> names) {
        return names.size() <= MAX_NAMES
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, MAX_NAMES)) + " and " + HumanFormat.count(names.size() - MAX_NAMES)
                        + " more";
    }
}
