package dev.heddle.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A program of the documents and the example that answers it.
 *
 * @param name what it is called on the command line, behind {@value Originals#PREFIX}
 * @param what what both do
 * @param said what it took where the document was written; empty if the document does not say
 * @param program the file in src/main/python/originals
 * @param example the file of the example, below examples/src/main/java
 * @param effort how much a round does
 * @param why what the outcome comes from
 * @param module what Python must have for it
 */
record Original(
        String name,
        String what,
        String said,
        String program,
        String example,
        Effort effort,
        String why,
        String module) {

    /**
     * How much a round does.
     *
     * @param warmUps how many rounds come before those that count
     * @param rounds how many rounds count
     * @param inPython how often Python runs the program in a round
     * @param here how often the example runs in a round
     * @param shorter by which the program's sleeps are divided; those of the example are so short by themselves
     * @param text the words of the program that say how far it goes, with a place for the number; empty if it always
     *     goes as far
     * @param warmUp how far it goes in a round that does not count
     * @param far how far it goes in one that does
     * @param pages how many pages each fetches at least; zero if none
     */
    record Effort(int warmUps, int rounds, int inPython, int here, int shorter, String text, int warmUp, int far,
            int pages) {

        private static final int USUAL_WARM_UPS = 10;
        private static final int USUAL_ROUNDS = 9;
        private static final int FEW_ROUNDS = 3;

        static Effort pages(int pages) {
            return new Effort(USUAL_WARM_UPS, USUAL_ROUNDS, 1, 1, 1, "", 0, 0, pages);
        }

        static Effort times(int inPython, int here) {
            return new Effort(USUAL_WARM_UPS, USUAL_ROUNDS, inPython, here, 1, "", 0, 0, 0);
        }

        static Effort shorter(int factor) {
            return new Effort(FEW_ROUNDS, FEW_ROUNDS, 1, 1, factor, "", 0, 0, 0);
        }

        static Effort far(String text, int warmUp, int far) {
            return new Effort(FEW_ROUNDS, FEW_ROUNDS, 1, 1, 1, text, warmUp, far, 0);
        }

        /** How far it goes in a round that counts: no further than to warm up if that is only to show that it works. */
        private int farNow() {
            return Counts.isQuick() ? warmUp : far;
        }

        /** What Python replaces in the program, as original_peer.py has it. */
        private List<String> replacement() {
            return text.isEmpty() ? List.of() : List.of(text(far) + "=" + text(warmUp) + "=" + text(farNow()));
        }

        private String text(int number) {
            return String.format(Locale.ROOT, text, number);
        }
    }

    /** Whether a reader would run it once, so that its first run is worth a number. */
    boolean isShort() {
        return effort.pages > 0;
    }

    /** Both sides, Python's first. */
    Benchmark benchmark(int port) {
        List<String> inPython = new ArrayList<>(List.of(
                program, Integer.toString(port), Integer.toString(effort.inPython), Integer.toString(effort.shorter)));
        inPython.addAll(effort.replacement());
        List<String> here = Peer.java(
                OriginalMain.OPTIONS,
                OriginalMain.class,
                name,
                Integer.toString(port),
                Integer.toString(effort.here),
                Integer.toString(effort.warmUp),
                Integer.toString(effort.farNow()));
        return new Benchmark(
                Originals.PREFIX + name,
                what,
                Counts.isQuick() ? 0 : effort.warmUps,
                Counts.rounds(effort.rounds),
                List.of(new Measure("time", "ms")),
                List.of(
                        Side.command("Python", Python.command("original_peer.py", inPython.toArray(String[]::new)))
                                .needing(Python.need(module)),
                        Side.command("Heddle", here)));
    }
}
