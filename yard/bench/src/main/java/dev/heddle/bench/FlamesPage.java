package dev.heddle.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The page of the profiles: what it says is written by {@code yard/bench/run --flame --write} only. */
final class FlamesPage {

    /** What stands before all sections. */
    private static final String HEAD = """
            # Where the time goes

            The hottest paths under a profiler: async-profiler, by the kernel's clock of the processor, with the stacks of the kernel under those of Java
            ([why this one](../decisions/0008-benchmarks.md#profiles)). Servers have the first processor and their load the second, as in the
            [benchmarks](../performance.md#method).

                yard/bench/run --flame --write all

            A sample counts for who was at work, not for who has called: *kernel* is by the call of the system that it was in, *JVM* its stubs and its
            own threads, *JDK* its methods in Java, where they are inlined too, *benchmark* the handler. Nanoseconds are shares of what an
            operation costs without the profiler. In a picture what is called stands on who calls it, and a frame is as wide as its share; open it by itself, and a
            frame tells its whole name where the pointer rests.
            """;

    private static final String SECTION = "\n## ";

    private FlamesPage() {}

    /**
     * A profile.
     *
     * @param heading what was done
     * @param operation one of it, in a word
     * @param nanos of CPU that one costs
     * @param circumstances the day and the machine
     */
    record Section(String name, String heading, String operation, double nanos, List<Stack> stacks,
            String circumstances) {

        private String picture() {
            return "flame-" + name + ".svg";
        }

        private String svg() {
            return FlameGraph.svg(name, heading + ": " + FlameGraph.nanos(nanos) + " of CPU", nanos, stacks);
        }

        /** The section of the page. */
        String text() {
            long samples = stacks.stream().mapToLong(Stack::count).sum();
            var text = new StringBuilder();
            text.append(String.format(Locale.ROOT, "## %s%n%n%s. A %s costs %s of CPU; %,d samples.%n%n", name, heading,
                    operation, FlameGraph.nanos(nanos), samples));
            text.append("| whose | what | share | of a ").append(operation).append(" |\n|---|---|--:|--:|\n");
            for (CostPart part : CostPart.of(stacks)) {
                text.append(row(part.owner().title, part.what(), part.share()));
            }
            for (Stack.Owner owner : Stack.Owner.values()) {
                double share = (double) stacks.stream().filter(stack -> stack.top().owner() == owner)
                        .mapToLong(Stack::count).sum() / samples;
                text.append(row("**" + owner.title + "**", "in all", share));
            }
            return text.append(
                    String.format(Locale.ROOT, "%n%s.%n%n![Flames of %s](../../yard/figures/%s)%n", circumstances, name,
                            picture()))
                    .toString();
        }

        private String row(String owner, String what, double share) {
            return String.format(Locale.ROOT, "| %s | %s | %.1f %% | %s |%n", owner, what, share * 100,
                    FlameGraph.nanos(share * nanos));
        }
    }

    static void draw(Path directory, Section section) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve(section.picture()), section.svg());
    }

    /** Puts a section into the page, in place of the one of its name; all stay in the order of {@link Flame}. */
    static void put(Path page, Section section, String versions) throws IOException {
        String old = Files.exists(page) ? Files.readString(page) : "";
        Files.writeString(page, with(old, section.name(), section.text(), versions));
    }

    static String with(String page, String name, String section, String versions) {
        return HEAD + "\n" + versions + ".\n" + Flame.names().stream()
                .map(each -> each.equals(name) ? "\n" + section : section(page, each))
                .collect(Collectors.joining());
    }

    /** A section that is there, with the blank line before it; or nothing. */
    private static String section(String page, String name) {
        int begin = page.indexOf(SECTION + name + "\n");
        if (begin < 0) {
            return "";
        }
        int end = page.indexOf(SECTION, begin + 1);
        return end < 0 ? page.substring(begin) : page.substring(begin, end);
    }
}
