package dev.heddle.cluster;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.sim.SimRandom;
import dev.heddle.sim.TokenHistory;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** A mutex, a leader, a semaphore, a barrier and a limiter of a {@link ClusterDay}: who believes to have one has it. */
final class DayOfLocks {

    private static final Token LOWEST = new Token(0, 0);
    private static final int SEATS = 3;
    private static final int RATE = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration LAST = Duration.ofMinutes(2);

    private final Rules rules;
    private final SimRandom random;
    private final TokenHistory<Token> ledger = new TokenHistory<>(LOWEST);
    private final TokenHistory<Token> throne = new TokenHistory<>(LOWEST);
    private final Set<Hold> seats = new HashSet<>();
    private final Supplier<Duration> elapsed;
    private int turns;
    private int arrived;
    private int passed;

    DayOfLocks(Rules rules, SimRandom random, Supplier<Duration> elapsed) {
        this.rules = rules;
        this.random = random;
        this.elapsed = elapsed;
    }

    /** What a node has since it was a certain member; each is only like itself. */
    static final class Hold {

        private final Cluster node;
        private final Token member;

        Hold(Cluster node) {
            this.node = node;
            this.member = node.self().token();
        }

        /** Whether the node believes in what it had then. */
        boolean isBelieved() {
            return node.isJoined() && node.self().token().equals(member);
        }

        @Override
        public String toString() {
            return node.self().name() + " as " + member;
        }
    }

    /** Writes with a token while it holds the mutex. */
    void lock(Cluster node) {
        Hold holder = new Hold(node);
        ClusterMutex mutex = node.mutex("ledger");
        ledger.asks(holder);
        mutex.run(() -> {
            Token token = mutex.token();
            rules.permits(() -> ledger.granted(holder, token));
            write(ledger, holder, token, mutex::token);
            return true;
        });
    }

    /** The same as the one who leads. */
    void lead(Cluster node) {
        Hold holder = new Hold(node);
        ClusterLeader leader = node.leader("throne");
        throne.asks(holder);
        leader.lead(token -> {
            rules.permits(() -> throne.granted(holder, token));
            write(throne, holder, token, () -> {
                if (!leader.isLeader()) {
                    throw new LockLostException("leads no more");
                }
                return token;
            });
        });
    }

    /** @param believed fails if the token is no more believed in */
    private void write(TokenHistory<Token> resource, Hold holder, Token token, Callable<Token> believed)
            throws Exception {
        try {
            for (int i = 0; i < 3; i++) {
                if (believed.call().equals(token)) {
                    rules.uses(resource, holder, token);
                }
                Heddle.sleep(random.upTo(Duration.ofSeconds(random.chance(0.1) ? 6 : 1)));
            }
        } catch (LockLostException e) {
            rules.usesLate(resource, holder, token);
            throw e;
        }
    }

    /** Sits for a while where only some may. */
    void sit(Cluster node) {
        node.semaphore("seats", SEATS).run(() -> {
            Hold mine = new Hold(node);
            seats.add(mine);
            try {
                for (int i = 0; i < 2; i++) {
                    long taken = seats.stream().filter(Hold::isBelieved).count();
                    rules.that(taken <= SEATS, seats + " sit on " + SEATS);
                    Heddle.sleep(random.upTo(Duration.ofSeconds(1)));
                }
                return true;
            } finally {
                seats.remove(mine);
            }
        });
    }

    /** Meets somebody, or goes on after a time. */
    void meet(Cluster node) {
        ClusterBarrier gate = node.barrier("gate", 2);
        arrived++;
        try {
            Optional<Integer> index = Heddle.moveOnAfter(PATIENCE, () -> gate.await());
            passed += index.isPresent() ? 1 : 0;
            rules.that(passed <= arrived / 2 * 2, passed + " have passed of " + arrived + " at a gate for two");
        } catch (BrokenException _) {
            Heddle.moveOnAfter(PATIENCE, gate::reset);
        }
    }

    /** Takes a turn. */
    void turn(Cluster node) {
        if (node.limiter("turns", RATE, RATE).acquireWithin(PATIENCE)) {
            turns++;
            long most = RATE + RATE * elapsed.get().toSeconds() + RATE;
            rules.that(turns <= most, turns + " turns after " + elapsed.get());
        }
    }

    // ---- the evening ----

    /** Whoever comes last finds all free. */
    void check(Cluster node) {
        List<Runnable> uses = List.of(() -> lock(node), () -> lead(node), () -> sit(node), () -> turn(node));
        uses.forEach(use -> rules.that(
                Heddle.moveOnAfter(LAST, () -> {
                    use.run();
                    return true;
                }).isPresent(),
                "in the evening a lock is not free: " + node.mutex("ledger") + ", " + node.leader("throne") + ", "
                        + node.semaphore("seats", SEATS) + ", " + node.limiter("turns", RATE, RATE)));
    }
}
