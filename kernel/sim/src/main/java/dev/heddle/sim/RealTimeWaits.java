package dev.heddle.sim;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The waits whose end the system's clock decides: they do not belong into a simulation, so the first one fails the run.
 */
final class RealTimeWaits {

    private static final Set<String> JDK = Set.of("java.", "javax.", "jdk.", "sun.");

    private final boolean allowed;
    private @Nullable IllegalStateException refused;

    RealTimeWaits(boolean allowed) {
        this.allowed = allowed;
    }

    /**
     * Notes a wait.
     *
     * @return whether it is the first one that is not allowed
     */
    boolean refuses(String who, StackTraceElement[] stack) {
        if (allowed || refused != null) {
            return false;
        }
        refused = new IllegalStateException(message(who, stack));
        refused.setStackTrace(stack);
        return true;
    }

    /** Why the run has failed, or null. */
    @Nullable IllegalStateException refused() {
        return refused;
    }

    private static String message(String who, StackTraceElement[] stack) {
        int inJdk = 0;
        while (inJdk < stack.length && isJdk(stack[inJdk])) {
            inJdk++;
        }
        String method = inJdk == 0 ? "a method" : name(stack[inJdk - 1]);
        String line = inJdk == stack.length ? "" : " at " + stack[inJdk];
        String instead = method.equals("Thread.sleep")
                ? "use Heddle.sleep(...)"
                : "put the call without a time limit into Heddle.timeout(...) or moveOnAfter(...)";
        return who + " waits for a time in " + method + line
                + ": that is real time, and a simulation has its own. Instead, " + instead
                + ", or allow it with SimOptions.withRealTimeWaits(true)";
    }

    private static boolean isJdk(StackTraceElement frame) {
        return JDK.stream().anyMatch(frame.getClassName()::startsWith);
    }

    private static String name(StackTraceElement frame) {
        String type = frame.getClassName();
        return type.substring(Math.max(type.lastIndexOf('.'), type.lastIndexOf('$')) + 1) + "." + frame.getMethodName();
    }
}
