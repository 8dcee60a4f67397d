package dev.heddle.bench;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Stacks as a picture: frames that are called stand on those that call them, each as wide as its share of the samples,
 * coloured by whose it is; in the order of their names, not of time.
 */
final class FlameGraph {

    private static final int WIDTH = 1200;
    private static final int TOP = 64;
    private static final int STEP = 17;
    private static final int BAR = 16;
    private static final int MARGIN = 8;
    private static final double LETTER = 6.4;
    private static final double MIN = 0.0015;

    /** A frame among those that were called from the same place. */
    private static final class Node {
        final Stack.Frame frame;
        final Map<String, Node> below = new TreeMap<>();
        long count;

        Node(Stack.Frame frame) {
            this.frame = frame;
        }

        int depth(double least) {
            return 1 + below.values().stream().filter(node -> node.count >= least)
                    .mapToInt(node -> node.depth(least)).max().orElse(0);
        }
    }

    private final String name;
    private final double nanos;
    private final Node root = new Node(new Stack.Frame("all", Stack.Owner.JVM));
    private final Map<Stack.Owner, Long> owners = new EnumMap<>(Stack.Owner.class);
    private final StringBuilder text = new StringBuilder();

    private FlameGraph(String name, double nanos, List<Stack> stacks) {
        this.name = name;
        this.nanos = nanos;
        stacks.forEach(this::add);
    }

    /**
     * The SVG, light or dark as the reader's screen is. Titles of frames are shown where the pointer rests.
     *
     * @param heading what was done
     * @param nanos what one operation costs
     */
    static String svg(String name, String heading, double nanos, List<Stack> stacks) {
        return new FlameGraph(name, nanos, stacks).draw(heading);
    }

    private void add(Stack stack) {
        Node node = root;
        node.count += stack.count();
        for (Stack.Frame frame : stack.frames()) {
            node = node.below.computeIfAbsent(frame.name(), _ -> new Node(frame));
            node.count += stack.count();
        }
        owners.merge(stack.top().owner(), stack.count(), Long::sum);
    }

    private String draw(String heading) {
        int height = TOP + (root.depth(root.count * MIN) - 1) * STEP + MARGIN;
        text.append(String.format(Locale.ROOT,
                """
                        <svg xmlns="http://www.w3.org/2000/svg" class="flames" role="img" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" aria-labelledby="flames-%3$s-title">
                        <title id="flames-%3$s-title">%4$s</title>
                        <style>
                        .flames { --ground: var(--back, #ffffff); --ink: var(--text, #1d1f21); --faint: var(--soft, #5c6166); --on: #1d1f21; --kernel: #f0b183; --jvm: #e6d58a; --jdk: #9ed6bd;
                          --heddle: #94bff2; --benchmark: #d3c2ea; font: 11px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
                        @media (prefers-color-scheme: dark) { .flames { --ground: var(--back, #16181a); --ink: var(--text, #dde0e3); --faint: var(--soft, #9aa0a6); --on: #f1f3f4; --kernel: #8a4b1f;
                          --jvm: #6b5d16; --jdk: #1f6650; --heddle: #1f5596; --benchmark: #5d4585; } }
                        .flames .ground { fill: var(--ground); } .flames text { fill: var(--on); pointer-events: none; } .flames .head { fill: var(--ink); font: 600 14px system-ui, sans-serif; }
                        .flames .note { fill: var(--faint); font: 12px system-ui, sans-serif; }
                        .flames .kernel { fill: var(--kernel); } .flames .jvm { fill: var(--jvm); } .flames .jdk { fill: var(--jdk); }
                        .flames .heddle { fill: var(--heddle); } .flames .benchmark { fill: var(--benchmark); }
                        </style>
                        <rect class="ground" width="%1$d" height="%2$d"/>
                        <text class="head" x="%5$d" y="18">%4$s</text>
                        """,
                WIDTH, height, name, escaped(heading), MARGIN));
        legend();
        double from = MARGIN;
        for (Node node : root.below.values()) {
            from = draw(node, from, height - MARGIN - STEP);
        }
        return text.append("</svg>\n").toString();
    }

    private void legend() {
        double x = MARGIN;
        for (Map.Entry<Stack.Owner, Long> owner : owners.entrySet()) {
            String line = owner.getKey().title + " " + amount(owner.getValue());
            text.append(String.format(Locale.ROOT,
                    "<rect class=\"%s\" x=\"%.0f\" y=\"30\" width=\"14\" height=\"14\"/><text class=\"note\" x=\"%.0f\" y=\"42\">%s</text>%n",
                    style(owner.getKey()), x, x + 20, line));
            x += 20 + line.length() * 7.2 + 20;
        }
    }

    /** Gives where the next one begins. */
    private double draw(Node node, double from, int y) {
        double width = (double) node.count / root.count * (WIDTH - 2 * MARGIN);
        if (node.count < root.count * MIN) {
            return from + width;
        }
        String title = node.frame.name().replace('/', '.') + ", " + amount(node.count);
        text.append(String.format(Locale.ROOT,
                "<g><title>%s</title><rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>",
                escaped(title), style(node.frame.owner()), from, y, Math.max(width - 0.5, 0.5), BAR));
        String label = label(node.frame.shortName(), width);
        if (!label.isEmpty()) {
            text.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%d\">%s</text>", from + 3, y + 12,
                    escaped(label)));
        }
        text.append("</g>\n");
        double at = from;
        for (Node below : node.below.values()) {
            at = draw(below, at, y - STEP);
        }
        return from + width;
    }

    private String amount(long count) {
        double share = (double) count / root.count;
        return String.format(Locale.ROOT, "%.1f %%, %s", share * 100, nanos(share * nanos));
    }

    /** For people. */
    static String nanos(double nanos) {
        return nanos < 1_000
                ? String.format(Locale.ROOT, "%.0f ns", nanos)
                : String.format(Locale.ROOT, "%.2f us", nanos / 1_000);
    }

    private static String label(String name, double width) {
        int letters = (int) ((width - 6) / LETTER);
        if (name.length() <= letters) {
            return name;
        }
        return letters < 4 ? "" : name.substring(0, letters - 2) + "..";
    }

    private static String style(Stack.Owner owner) {
        return owner.name().toLowerCase(Locale.ROOT);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
