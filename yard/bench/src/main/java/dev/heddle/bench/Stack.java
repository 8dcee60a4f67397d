package dev.heddle.bench;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A stack as a profiler has met it.
 *
 * @param frames from the outermost on, at least one
 * @param count how often
 */
record Stack(List<Frame> frames, long count) {

    /** Whose code a frame is, in the order of tables. */
    enum Owner {
        KERNEL("kernel"),
        JVM("JVM"),
        JDK("JDK"),
        HEDDLE("Heddle"),
        BENCHMARK("benchmark");

        final String title;

        Owner(String title) {
            this.title = title;
        }
    }

    /**
     * A frame.
     *
     * @param name of a method with its class, slashes between packages; or of a function
     */
    record Frame(String name, Owner owner) {

        private static final String KERNEL = "_[k]";
        private static final Pattern ANNOTATION = Pattern.compile("_\\[[kij01]]$");
        private static final Pattern HIDDEN = Pattern.compile("[.+/]0x[0-9a-f]+(_\\d+)?|\\$\\$Lambda(?=\\.)");
        private static final Pattern JAVA = Pattern.compile("[\\w$]+(/[\\w$]+)+\\.[\\w$<>]+");

        /** Of the form that async-profiler gives it with the option {@code ann}. */
        static Frame parse(String text) {
            String name = ANNOTATION.matcher(text).replaceFirst("");
            if (text.endsWith(KERNEL)) {
                return new Frame(name, Owner.KERNEL);
            }
            // Classes without a name of their own have another number in each run.
            name = HIDDEN.matcher(name).replaceAll("");
            return new Frame(name, JAVA.matcher(name).matches() ? ofJava(name) : Owner.JVM);
        }

        private static Owner ofJava(String name) {
            if (name.startsWith("dev/heddle/bench/")) {
                return Owner.BENCHMARK;
            }
            return name.startsWith("dev/heddle/") ? Owner.HEDDLE : Owner.JDK;
        }

        boolean isJava() {
            return owner != Owner.KERNEL && owner != Owner.JVM;
        }

        /** Without its packages. */
        String shortName() {
            return isJava() ? name.substring(name.lastIndexOf('/') + 1) : name;
        }
    }

    /** Of a line of collapsed stacks: frames with semicolons between, a blank, the count. */
    static Stack parse(String line) {
        int blank = line.lastIndexOf(' ');
        List<Frame> frames = Stream.of(line.substring(0, blank).split(";", -1)).map(Frame::parse).toList();
        return new Stack(frames, Long.parseLong(line.substring(blank + 1)));
    }

    /** Who was at work. */
    Frame top() {
        return frames.getLast();
    }
}
