package dev.heddle.cluster.internal;

import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Promise;
import dev.heddle.cluster.OutcomeUnknownException;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.Refusal;
import dev.heddle.cluster.store.SessionLostException;
import dev.heddle.cluster.store.StoreLimits;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Commits that do not depend on each other, several of which may travel to the store as one. Each has an outcome of its
 * own: if one of them is refused, the others go again without it.
 *
 * <p>While few commits are under way each goes at once, and alone. While as many are under way as may be, those that
 * come wait for each other's company, so that their number for each trip to the store grows with the load. So do those
 * that come behind an answer to several: their callers mostly come again, and all who do in a small part of the time that
 * a trip takes go together.
 *
 * <p>Threads: any; the work is done on the node's loop.
 */
public final class GroupCommits {

    /** Trips under way at once: enough to hide the way to the store, few enough that company comes together. */
    private static final int MAX_FLIGHTS = 4;

    /** The part of the last trip's time that those wait for company who come behind its answer. */
    private static final int COMPANY = 4;

    private final Lease lease;

    /** Those that wait for a flight, in the order of the calls; on the loop. */
    private final Deque<Member> queue = new ArrayDeque<>();

    /** Those that have no outcome yet; on the loop. */
    private final Set<Member> open = new LinkedHashSet<>();

    private int flights;

    /** How many were answered since the last departure, and until when as many are waited for. */
    private int released;

    private long until;

    private boolean departing;

    /** Whether the end of the lease is watched for. */
    private boolean watching;

    private boolean over;

    GroupCommits(Lease lease) {
        this.lease = lease;
    }

    /** The commit of one caller. */
    private record Member(List<Op> ops, int bytes, Promise<CommitOutcome> outcome) {

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /**
     * Commits, and waits until the outcome is known. If no server can be reached, it tries again until one can.
     *
     * <p>Cancellation: a cancelled call may have changed everything or nothing.
     *
     * @return {@code Committed} or {@code Refused}
     * @throws SessionLostException if the session is over; nothing was changed
     * @throws OutcomeUnknownException if the session ended before the outcome was known
     */
    public CommitOutcome commit(List<Op> ops) {
        return Commits.known(tried(ops));
    }

    /**
     * Commits, heeds no cancel, and waits until the outcome is known, or until the lease is over and there is little
     * hope left.
     *
     * @return {@code NotSent}, {@code Unknown} and {@code SessionLost} only if the lease is over
     */
    public CommitOutcome commitInAnyCase(List<Op> ops) {
        return Heddle.shield(() -> tried(ops));
    }

    private CommitOutcome tried(List<Op> ops) {
        for (int tries = 1;; tries++) {
            CommitOutcome outcome = start(ops).join();
            if (!(outcome instanceof CommitOutcome.NotSent) || lease.over().isDone()) {
                return outcome;
            }
            Heddle.sleep(lease.backoff().delay(tries));
        }
    }

    /**
     * Commits, and tells when the outcome is known.
     *
     * @return fails only for what no store can take; {@code Unknown} only if the session is over; {@code NotSent} is not tried again
     */
    public Promise<CommitOutcome> start(List<Op> ops) {
        int bytes = 0;
        for (Op op : ops) {
            bytes += valueOf(op).length();
        }
        Member member = new Member(List.copyOf(ops), bytes, new Promise<>());
        try {
            lease.loop().callFromThread(() -> enqueue(member));
        } catch (IllegalStateException _) { // the loop has ended
            member.outcome.tryComplete(new CommitOutcome.SessionLost());
        }
        return member.outcome;
    }

    private void enqueue(Member member) {
        if (over) {
            member.outcome.tryComplete(new CommitOutcome.SessionLost());
            return;
        }
        if (!watching) {
            watching = true;
            lease.over().onDone(_ -> lease.loop()
                    .callLater(lease.store().session().timeout().dividedBy(4), this::giveUp));
        }
        open.add(member);
        queue.add(member);
        depart();
    }

    /** The session is closed only after those who wait here, so that they must not wait for it. */
    private void giveUp() {
        over = true;
        for (Member member : List.copyOf(open)) {
            end(member, new CommitOutcome.Unknown("the session is over"));
        }
        queue.clear();
    }

    private void depart() {
        Loop loop = lease.loop();
        long left = until - loop.nanoTime();
        if (left > 0 && queue.size() < released) {
            if (!departing && !queue.isEmpty()) {
                departing = true;
                loop.callLater(Duration.ofNanos(left), () -> {
                    departing = false;
                    depart();
                });
            }
            return;
        }
        released = 0;
        while (flights < MAX_FLIGHTS && !queue.isEmpty()) {
            List<Member> group = company();
            flights++;
            send(group);
        }
    }

    /** The first that waits, and who fits in with it. */
    private List<Member> company() {
        List<Member> group = new ArrayList<>();
        Map<Key, Op> keys = new HashMap<>();
        int ops = 0;
        long bytes = 0;
        for (Iterator<Member> each = queue.iterator(); each.hasNext();) {
            Member member = each.next();
            ops += member.ops.size();
            bytes += member.bytes;
            boolean fits = ops <= Commits.MAX_OPS && bytes <= StoreLimits.MAX_COMMIT - 100;
            for (Op op : member.ops) {
                Op other = keys.putIfAbsent(op.key(), op);
                fits &= other == null || isSameCheck(op, other);
            }
            if (!fits && !group.isEmpty()) {
                break;
            }
            group.add(member);
            each.remove();
        }
        return group;
    }

    /** Whether both check the same, which is then done once for all. */
    private static boolean isSameCheck(Op op, Op other) {
        return op instanceof Op.Check && op.equals(other);
    }

    private void send(List<Member> group) {
        // A check that several members have is done once, as that of the first.
        List<Op> ops = new ArrayList<>();
        List<Integer> all = new ArrayList<>();
        Set<Op> checks = new HashSet<>();
        int count = 0;
        for (Member member : group) {
            for (Op op : member.ops) {
                if (!(op instanceof Op.Check) || checks.add(op)) {
                    ops.add(op);
                    all.add(count);
                }
                count++;
            }
        }
        long begin = lease.loop().nanoTime();
        try {
            lease.commits().start(ops).onDone(answer -> answered(group, begin, switch (answer.join()) {
                case CommitOutcome.Refused(int index, Refusal reason) when index < all.size() ->
                    new CommitOutcome.Refused(all.get(index), reason);
                case CommitOutcome.Refused(_, Refusal reason) -> new CommitOutcome.Refused(Integer.MAX_VALUE, reason);
                case CommitOutcome outcome -> outcome;
            }));
        } catch (RuntimeException | Error e) {
            flights--;
            group.forEach(member -> {
                open.remove(member);
                member.outcome.tryFail(e);
            });
        }
    }

    private void answered(List<Member> group, long begin, CommitOutcome outcome) {
        if (outcome instanceof CommitOutcome.Refused refused) {
            List<Member> others = new ArrayList<>(group);
            int index = refused.index();
            int who = 0;
            while (who < group.size() && index >= group.get(who).ops.size()) {
                index -= group.get(who).ops.size();
                who++;
            }
            if (who == group.size()) { // what this session has written before is gone: the store is another one
                others.forEach(member -> end(member, new CommitOutcome.SessionLost()));
                others.clear();
            } else {
                others.remove(who);
                end(group.get(who), new CommitOutcome.Refused(index, refused.reason()));
            }
            if (!others.isEmpty()) {
                send(others);
                return;
            }
        } else {
            group.forEach(member -> end(member, outcome));
        }
        flights--;
        released += group.size();
        long now = lease.loop().nanoTime();
        until = now + (now - begin) / COMPANY;
        // Behind the other answers that have come with this one.
        lease.loop().callSoon(this::depart);
    }

    private void end(Member member, CommitOutcome outcome) {
        open.remove(member);
        member.outcome.tryComplete(outcome);
    }

    private static Bytes valueOf(Op op) {
        return switch (op) {
            case Op.Create create -> create.value();
            case Op.Set set -> set.value();
            case Op.Delete _,Op.Check _ -> Bytes.EMPTY;
        };
    }
}
