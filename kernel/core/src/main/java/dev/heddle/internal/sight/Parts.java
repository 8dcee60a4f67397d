package dev.heddle.internal.sight;

import dev.heddle.internal.UserLine;
import java.lang.StackWalker.StackFrame;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The register of what a program has made and can be asked for its statistics: pools, queues, locks, servers, clients.
 * It holds nothing back from the garbage collector.
 *
 * <p>Things that are few are {@linkplain #add registered} when they are made, with the user's line that makes them. Of
 * those of which there may be very many, the {@linkplain #addSoon first ones} are; the others join when they begin to
 * matter, when some calls have waited there or elements gather, so that to make one costs no more than it did.
 *
 * <p>How it works: a lock-free stack. A loop's thread adds to it, so it takes no lock there. Whoever adds also looks at
 * the next two for one that is gone, which makes the stack at most about twice as long as there are things. One thread
 * sweeps at a time; the others leave it to that.
 *
 * <p>Threads: any.
 */
public final class Parts {

    /** So many have their line for certain: the stack is walked for them. Bounds what making short-lived ones costs. */
    static final int EARLY = 256;

    /** Past those, what fewer calls have waited for is made and forgotten too fast to be worth a place. */
    private static final int LATE_CALLS = 8;

    /** Past those, one in so many sweeps: else they would be counted for ever where none joins. */
    private static final int SWEEP_EACH = 64;

    private static final String OWN = Parts.class.getName();

    private static final StackWalker WALKER = StackWalker.getInstance();

    private static final AtomicReference<@Nullable Part<?>> FIRST = new AtomicReference<>();
    private static final AtomicLong IDS = new AtomicLong();
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final AtomicBoolean SWEEPING = new AtomicBoolean();

    /** Behind which the sweep goes on; guarded by {@link #SWEEPING}. */
    private static @Nullable Part<?> swept;

    /** Racy on purpose: a lost count only moves the next sweep. */
    private static int passed;

    private Parts() {}

    /** Registers a thing that is rare, with the user's line on the caller's stack. */
    public static <T> void add(PartKind<? super T> kind, T thing) {
        push(kind, thing, userLine());
    }

    /**
     * Registers a thing of which there may be very many: now, while there are few; else it is for the caller, when the
     * thing begins to matter. Our own, with no line of users on the stack, are not registered while there are few.
     *
     * @return how many calls shall have waited there before the caller {@linkplain #addLate adds} it; 0 if there is
     *     nothing left to do
     */
    public static <T> int addSoon(PartKind<? super T> kind, T thing) {
        if (COUNT.getPlain() >= EARLY) {
            if (++passed % SWEEP_EACH == 0) {
                sweep();
            }
            return LATE_CALLS;
        }
        StackTraceElement line = userLine();
        if (line != null) {
            push(kind, thing, line);
        }
        return 0;
    }

    /**
     * After how many calls that wait a thing is worth a place of which there are very many, and which both we and users
     * make: at the first one while there are few.
     */
    public static int callsUntilSeen() {
        return COUNT.getPlain() < EARLY ? 1 : LATE_CALLS;
    }

    /**
     * Registers such a thing, if it is the user's: if the code that calls it now is. That is its line, too, since where
     * it was made nobody has looked.
     */
    public static <T> void addIfUsers(PartKind<? super T> kind, T thing) {
        String own = thing.getClass().getName();
        Optional<StackFrame> caller = WALKER.walk(frames -> frames
                .filter(frame -> !frame.getClassName().equals(own) && !frame.getClassName().equals(OWN))
                .findFirst());
        if (caller.isPresent() && UserLine.isOfUser(caller.get().getClassName())) {
            push(kind, thing, caller.get().toStackTraceElement());
        }
    }

    /** Registers a thing of which there are very many, since it matters. */
    public static <T> void addLate(PartKind<? super T> kind, T thing) {
        push(kind, thing, null);
    }

    /** All that are left, the oldest first. A moment's picture: others come and go meanwhile. */
    public static List<Part<?>> all() {
        List<Part<?>> all = new ArrayList<>();
        for (Part<?> part = FIRST.get(); part != null; part = part.next) {
            if (!part.refersTo(null)) {
                all.add(part);
            }
        }
        Collections.reverse(all);
        return all;
    }

    /** How many places the register has, also those of what is gone. */
    static int count() {
        return COUNT.get();
    }

    /** Begins anew, for tests; nobody adds meanwhile. */
    static void forgetAll() {
        FIRST.set(null);
        COUNT.set(0);
        swept = null;
    }

    private static <T> void push(PartKind<? super T> kind, T thing, @Nullable StackTraceElement line) {
        var part = new Part<>(kind, thing, IDS.incrementAndGet(), line);
        Part<?> first;
        do {
            first = FIRST.get();
            part.next = first;
        } while (!FIRST.compareAndSet(first, part));
        COUNT.getAndIncrement();
        sweep();
    }

    /** Takes out what is gone among the next two. The first of all stays where it is, since others push before it. */
    private static void sweep() {
        if (!SWEEPING.compareAndSet(false, true)) {
            return;
        }
        Part<?> before = swept;
        for (int i = 0; i < 2; i++) {
            before = before == null ? FIRST.get() : before;
            Part<?> next = before == null ? null : before.next;
            if (before != null && next != null && next.refersTo(null)) {
                before.next = next.next;
                COUNT.getAndDecrement();
            } else {
                before = next;
            }
        }
        swept = before;
        SWEEPING.set(false);
    }

    private static @Nullable StackTraceElement userLine() {
        Optional<StackFrame> frame = WALKER.walk(frames -> frames
                .filter(one -> UserLine.isOfUser(one.getClassName()))
                .findFirst());
        return frame.isPresent() ? frame.get().toStackTraceElement() : null;
    }
}
