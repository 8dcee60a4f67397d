package dev.heddle.internal.sight;

import dev.heddle.Waiter;
import dev.heddle.internal.StackTraces;
import dev.heddle.internal.UserLine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The detail of a part: who has it or a place in it, and how long others have waited for one.
 *
 * @param holders those who have had it longest come first, as far as that is known; {@value #MAX_HOLDERS} at most
 * @param waitedNanos how long the call or the body that waits longest has; -1 if none does, or it is not known
 */
public record PartDetail(List<Holder> holders, long waitedNanos) {

    /** More would be a list of their own, and cost a look at the stack of each. */
    public static final int MAX_HOLDERS = 5;

    /** Nothing is known. */
    public static final PartDetail NONE = new PartDetail(List.of(), -1);

    public PartDetail {
        holders = List.copyOf(holders);
    }

    /** What is known of calls that wait for a thing that nobody holds. */
    public static PartDetail waiting(@Nullable Waiter first) {
        return new PartDetail(List.of(), waited(first));
    }

    /** How long a call has waited; -1 if there is none, or it is not known, as of a thread that is no task. */
    public static long waited(@Nullable Waiter first) {
        return first == null || !Kernel.hasBegun() ? -1 : Kernel.get().waitedNanos(first);
    }

    /**
     * One who has it.
     *
     * @param who for people
     * @param process the process in which it is; 0 if it is this one
     * @param nanos for how long; -1 if it is not known
     * @param at the line of the user's code where it is now; null if it is not known
     */
    public record Holder(String who, long process, long nanos, @Nullable StackTraceElement at) {

        /** A thread, with the line where it is now. */
        public static Holder of(String who, Thread thread, long nanos) {
            List<StackTraceElement> stack = List.of(StackTraces.of(thread));
            return new Holder(who, 0, nanos, UserLine.orOursIn(stack).orElse(null));
        }
    }
}
