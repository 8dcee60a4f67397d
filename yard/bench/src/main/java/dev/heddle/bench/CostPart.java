package dev.heddle.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of what an operation costs, named by who was at work when a sample was taken.
 *
 * @param what it does, for people
 * @param share of all samples, 0 to 1
 */
record CostPart(Stack.Owner owner, String what, double share) {

    /** Parts below it are told together. */
    private static final double MIN = 0.01;

    private static final String REST = "the rest, less than a hundredth each";
    private static final Pattern SYSTEM_CALL = Pattern.compile("__(?:x64|arm64|do|se)_sys_(\\w+)");
    private static final Pattern FAULT = Pattern.compile(".*(page_fault|mem_abort).*");
    private static final Pattern SWITCH = Pattern.compile(".*([Cc]ontinuation|freeze|thaw|[Yy]ield).*");
    private static final Pattern COMPILER = Pattern.compile(".*Compile(Broker|r|)::.*");
    private static final Pattern COLLECTOR = Pattern.compile(".*(Collect|Heap|G1|GC|WorkerThread|VM_Operation).*");

    private record Key(Stack.Owner owner, String what) {}

    /** The parts of a profile: by owner, the dearest of each first. */
    static List<CostPart> of(List<Stack> stacks) {
        double all = stacks.stream().mapToLong(Stack::count).sum();
        Map<Key, Long> counts = new HashMap<>();
        for (Stack stack : stacks) {
            counts.merge(key(stack), stack.count(), Long::sum);
        }
        Map<Key, Long> told = new HashMap<>();
        counts.forEach(
                (key, count) -> told.merge(count / all < MIN ? new Key(key.owner, REST) : key, count, Long::sum));
        List<CostPart> parts = new ArrayList<>();
        told.forEach((key, count) -> parts.add(new CostPart(key.owner, key.what, count / all)));
        parts.sort(Comparator.comparing(CostPart::owner)
                .thenComparing(part -> part.what.equals(REST))
                .thenComparing(Comparator.comparingDouble(CostPart::share).reversed()));
        return parts;
    }

    private static Key key(Stack stack) {
        Stack.Frame top = stack.top();
        return new Key(top.owner(), switch (top.owner()) {
            case KERNEL -> ofKernel(stack);
            case JVM -> ofJvm(stack);
            case JDK -> ofJdk(top.name());
            case HEDDLE -> ofHeddle(top.name());
            case BENCHMARK -> "what the benchmark does itself";
        });
    }

    private static String ofKernel(Stack stack) {
        for (Stack.Frame frame : stack.frames()) {
            Matcher call = SYSTEM_CALL.matcher(frame.name());
            if (frame.owner() == Stack.Owner.KERNEL && call.matches()) {
                return "`" + call.group(1) + "`";
            }
        }
        return has(stack, FAULT) ? "page faults" : "interrupts, and ways in and out";
    }

    private static String ofJvm(Stack stack) {
        if (stack.frames().stream().noneMatch(Stack.Frame::isJava)) {
            if (has(stack, COMPILER)) {
                return "JIT compiler";
            }
            return has(stack, COLLECTOR) ? "collector" : "other threads of its own";
        }
        List<Stack.Frame> frames = stack.frames();
        for (int i = frames.size() - 1; i >= 0 && !frames.get(i).isJava(); i--) {
            if (SWITCH.matcher(frames.get(i).name()).matches()) {
                return "stacks of tasks, put away and brought back";
            }
        }
        return has(stack, COLLECTOR) ? "collector" : "stubs and the C library";
    }

    private static boolean has(Stack stack, Pattern name) {
        return stack.frames().stream().anyMatch(frame -> name.matcher(frame.name()).matches());
    }

    private static String ofJdk(String name) {
        if (name.startsWith("jdk/internal/vm/") || name.startsWith("java/lang/VirtualThread")) {
            return "virtual threads and continuations";
        }
        if (name.contains("/foreign/") || name.startsWith("java/lang/invoke/") || name.contains("/misc/")) {
            return "calls of native code, and memory outside of the heap";
        }
        if (name.startsWith("java/nio/") || name.startsWith("sun/nio/")) {
            return "buffers and channels";
        }
        if (name.startsWith("java/util/")) {
            return "collections and locks";
        }
        return "strings, threads and all else";
    }

    private static String ofHeddle(String name) {
        String below = name.substring("dev/heddle/".length());
        if (below.startsWith("linux/") || below.startsWith("engine/")) {
            return "engine: `linux`, `engine`";
        }
        if (below.startsWith("http/")) {
            return "HTTP: `http`";
        }
        if (below.startsWith("io/") || below.startsWith("net/")) {
            return "streams and listeners: `io`, `net`";
        }
        return "loop and tasks: `core`";
    }
}
