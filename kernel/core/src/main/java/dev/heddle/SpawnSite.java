package dev.heddle;

import java.lang.StackWalker.StackFrame;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The place where a task is spawned: the line of the user's code.
 *
 * <p>Walking the stack costs more than spawning a task, so it is not done each time. A lambda has a class of its own,
 * and that class is nearly always spawned from one line; so the line is remembered per class of the body and looked at
 * again at the 1st, 2nd, 4th, 8th ... spawn. A class that turns out to be spawned from several lines is walked each
 * time from then on. In debug mode each spawn is.
 */
final class SpawnSite {

    /** Classes of this package, by their names: half of them no small program ever loads. */
    static final Set<String> OURS = Set.of(
            "SpawnSite",
            "Task",
            "TaskGroup",
            "TaskPool",
            "Combinators",
            "Heddle",
            "Loop",
            "BodyExecutor",
            "LoopExecutor",
            "LoopFuture",
            "LoopChooser",
            "Results",
            "MappedItem",
            "CancelScope",
            "Runner");

    private static final String PACKAGE = SpawnSite.class.getPackageName();

    private static final StackWalker WALKER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    /** Whether a class stands between the user's line and the spawn. */
    private static final ClassValue<Boolean> BETWEEN = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            Class<?> outermost = type.getNestHost();
            return isOurs(outermost) || outermost.isAnnotationPresent(SpawnsForCaller.class);
        }
    };

    private static boolean isOurs(Class<?> type) {
        return type.getPackageName().equals(PACKAGE) && OURS.contains(type.getSimpleName())
                && type.getClassLoader() == SpawnSite.class.getClassLoader();
    }

    private static final ClassValue<SpawnSite> SITES = new ClassValue<>() {
        @Override
        protected SpawnSite computeValue(Class<?> type) {
            return new SpawnSite(BETWEEN.get(type));
        }
    };

    // Racy on purpose: loops may share a class, and a lost count only moves the next look.
    private int spawns;
    private boolean several;
    private @Nullable StackTraceElement line;

    /** @param several true for classes in which bodies are wrapped, since these come from everywhere */
    private SpawnSite(boolean several) {
        this.several = several;
    }

    /** The line that is spawning this body now; null if no code outside of Heddle is on the stack. */
    static @Nullable StackTraceElement of(Object body, Loop loop) {
        if (loop.config().debug()) {
            return walk();
        }
        SpawnSite site = SITES.get(body.getClass());
        int count = ++site.spawns;
        if (!site.several && (count & (count - 1)) != 0) {
            return site.line;
        }
        StackTraceElement now = walk();
        if (site.line != null && !site.line.equals(now)) {
            site.several = true;
        }
        site.line = now;
        return now;
    }

    private static @Nullable StackTraceElement walk() {
        try {
            Optional<StackFrame> frame = WALKER.walk(SpawnSite::firstOutside);
            return frame.isPresent() ? frame.get().toStackTraceElement() : null;
        } catch (InternalError _) {
            return null; // so the JDK tells that there is no stack for the walk
        }
    }

    private static Optional<StackFrame> firstOutside(Stream<StackFrame> frames) {
        return frames.filter(frame -> !BETWEEN.get(frame.getDeclaringClass()))
                .filter(frame -> !isJdk(frame.getClassName())) // such as List.forEach(group::spawn)
                .findFirst();
    }

    private static boolean isJdk(String type) {
        return type.startsWith("java.") || type.startsWith("jdk.");
    }
}
