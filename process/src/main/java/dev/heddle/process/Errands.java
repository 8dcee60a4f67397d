package dev.heddle.process;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a child has to do, and the messages about it: the work whose turn it is and, while works are short, some that come after it. So the
 * child finds the next one at hand, and several travel at once.
 *
 * <pre>
 *   given ──the child begins it──▶ answered
 *     └────it is cancelled, or the one before takes long────▶ given back
 * </pre>
 *
 * <p>A child does its works in the order in which it got them, and has answered one before it begins the next. So if it dies, the first that
 * has no answer is the only one that may have begun: that one fails, the others are put back, and none is done twice.
 *
 * <p>Threads: one.
 */
final class Errands implements Link.Patience {

    /** Most works that a child has at a time. All of them together fit into the socket, so that to give them never waits. */
    private static final int MOST = 32;

    /** About how much work a child has before its turn, at most. */
    private static final long AHEAD_NANOS = 1_000_000;

    /** How long a work may take until those behind it are wanted back. */
    private static final long LONG_NANOS = 2_000_000;

    private static final long LONG_MILLIS = 2;

    /** The weight of the last work in the average. */
    private static final int SMOOTHING = 8;

    private static final Output NOTHING = Output.of(Frame.NOTHING);

    private final Link link;
    private final UnaryOperator<byte[]> classes;
    private final ArrayDeque<Errand> given = new ArrayDeque<>();

    /** Never used again, so that a late cancel cannot mean other work. */
    private long numbers;

    private long works;

    private long averageNanos;

    /** When the first of the given had its turn. */
    private long sinceNanos;

    /** Those behind the work whose turn it is are wanted back, and no more are given until it ends. */
    private boolean recalled;

    /** The child takes no more; what it has answered is still to be read. */
    private boolean deaf;

    /** In the midst of a message, where no other can go. */
    private boolean sending;

    /** Some that were given are not wanted any more. */
    private volatile boolean someUnwanted;

    // ---- of the call under way ----

    private @Nullable Errand current;
    private Ahead ahead = Ahead.NONE;
    private long graceNanos;
    private boolean hurried;
    private long hurriedNanos;

    /**
     * @param classes gives the bytes of a class that the child lacks, by the bytes of its name
     */
    Errands(Link link, UnaryOperator<byte[]> classes) {
        // Until more is known, none is short.
        this(link, classes, AHEAD_NANOS);
    }

    /**
     * @param averageNanos how long works have taken
     */
    Errands(Link link, UnaryOperator<byte[]> classes, long averageNanos) {
        this.link = link;
        this.classes = classes;
        this.averageNanos = averageNanos;
    }

    /** How many works the child has had. */
    long works() {
        return works;
    }

    /** Starts to count from zero. */
    void forgetWorks() {
        works = 0;
    }

    /** The child was told to stop and did not. */
    static final class GivenUp extends IOException {

        private static final long serialVersionUID = 1;
    }

    /**
     * Has work done that may have been given before.
     *
     * <p>An interrupt of the thread cancels it.
     *
     * @param grace nanoseconds that it has to end when it is cancelled
     * @param more where further work comes from
     * @return its answer; null if it was cancelled and has not begun
     * @throws GivenUp if it was cancelled and has not ended in time
     * @throws IOException if the connection or the child fails
     */
    @Nullable Frame await(Errand errand, long grace, Ahead more) throws IOException {
        current = errand;
        ahead = more;
        graceNanos = grace;
        hurried = false;
        while (errand.end == null) {
            if (!errand.isGiven()) {
                if (hurried || errand.isUnwanted()) {
                    return null;
                }
                give(errand);
            }
            giveAhead();
            flush();
            tell(false);
            take(link.receive(this));
        }
        Frame end = errand.end;
        errand.end = null;
        return end;
    }

    /** The child is gone. Puts back what it had, except for the work whose turn it was. */
    void putBackAll() {
        for (Errand last = given.pollLast(); last != null; last = given.pollLast()) {
            last.setHolder(null);
            if (last != current) {
                ahead.putBack(last);
            }
        }
    }

    /** Some of the given are not wanted any more. Any thread. */
    void hearOfUnwanted() {
        someUnwanted = true;
        link.wake();
    }

    // ---- to the child ----

    private void giveAhead() throws IOException {
        int most = Math.clamp(AHEAD_NANOS / Math.max(1, averageNanos), 1, MOST);
        if (given.size() > most / 2 || recalled || hurried || deaf) {
            return;
        }
        while (given.size() < most) {
            Errand next = ahead.take(works);
            if (next == null) {
                return;
            }
            give(next);
        }
    }

    private void give(Errand errand) throws IOException {
        if (given.isEmpty()) {
            sinceNanos = System.nanoTime();
        }
        errand.number = ++numbers;
        errand.setHolder(this);
        if (errand.isUnwanted()) {
            someUnwanted = true;
        }
        given.addLast(errand);
        works++;
        put(Frame.WORK, errand.number, errand.work());
    }

    /** What fails here fails again where answers are read, behind those that are still there. */
    private void put(byte kind, long number, Output content) throws IOException {
        if (deaf) {
            return;
        }
        sending = true;
        try {
            link.put(kind, number, content, this);
        } catch (GivenUp e) {
            throw e;
        } catch (IOException e) {
            deaf = true;
        } finally {
            sending = false;
        }
    }

    private void flush() throws IOException {
        if (deaf) {
            return;
        }
        sending = true;
        try {
            link.flush(this);
        } catch (GivenUp e) {
            throw e;
        } catch (IOException e) {
            deaf = true;
        } finally {
            sending = false;
        }
    }

    /** Tells the child what it is not to do. */
    private void tell(boolean isLong) throws IOException {
        // Those behind first: else they could begin when the one before them ends.
        if (someUnwanted) {
            someUnwanted = false;
            for (Errand each : given) {
                if (each.isUnwanted() && !each.told) {
                    cancel(each);
                }
            }
        }
        if ((isLong || hurried) && given.size() > 1 && !recalled) {
            recalled = true;
            put(Frame.RECALL, 0, NOTHING);
            flush();
        }
        Errand now = current;
        if (hurried && now != null && now.isGiven() && !now.told) {
            cancel(now);
        }
    }

    private void cancel(Errand errand) throws IOException {
        errand.told = true;
        put(Frame.CANCEL, errand.number, NOTHING);
        flush();
    }

    // ---- from the child ----

    private void take(Frame frame) throws IOException {
        switch (frame.kind()) {
            case Frame.CLASS_WANTED -> {
                put(Frame.CLASS, frame.number(), Output.of(classes.apply(frame.content())));
                flush();
            }
            case Frame.RETURNED -> takeBack(frame.number());
            default -> end(frame);
        }
    }

    private void end(Frame frame) throws IOException {
        Errand first = given.peekFirst();
        if (first == null || first.number != frame.number() || !frame.isEnd()) {
            throw new IOException("a message of kind " + frame.kind() + " that nobody expects");
        }
        given.removeFirst();
        first.setHolder(null);
        first.end = frame;
        recalled = false;
        long now = System.nanoTime();
        averageNanos += (now - sinceNanos - averageNanos) / SMOOTHING;
        sinceNanos = now;
    }

    private void takeBack(long number) throws IOException {
        for (Errand each : given) {
            if (each.number == number) {
                given.remove(each);
                each.setHolder(null);
                works--;
                if (each != current) {
                    ahead.putBack(each);
                }
                return;
            }
        }
        throw new IOException("work is given back that it does not have");
    }

    // ---- while it waits ----

    @Override
    public long millis() {
        if (hurried) {
            return Math.max(1, (graceNanos - (System.nanoTime() - hurriedNanos)) / 1_000_000);
        }
        return given.size() > 1 && !recalled ? LONG_MILLIS : 0;
    }

    @Override
    public void look(boolean quiet) throws IOException {
        if (Thread.interrupted() && !hurried) {
            hurried = true;
            hurriedNanos = System.nanoTime();
        }
        if (hurried && System.nanoTime() - hurriedNanos >= graceNanos) {
            throw new GivenUp();
        }
        if (!sending) {
            tell(quiet && System.nanoTime() - sinceNanos >= LONG_NANOS);
        }
    }
}
