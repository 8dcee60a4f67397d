package dev.heddle.sim;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The history of what many callers have done to one register and were told, and whether one order explains it: is each call as if it
 * had taken place at one moment between its begin and its end?
 *
 * <pre>{@code
 * var history = new RegisterHistory<>("");
 * var call = history.write("a");
 * switch (commit("a")) {
 *     case Committed _ -> call.done();
 *     case Unknown _ -> {}                  // open for ever: it has taken place, or not
 *     case NotSent _ -> call.failed();
 * }
 * ...
 * history.check();
 * }</pre>
 *
 * <p>The search of Wing and Gong with the memory of Lowe (Testing for linearizability, 2017). It is short where few
 * calls overlap; each call of unknown outcome overlaps with all that come after it.
 *
 * <p>Threads: tasks of one loop, or one thread.
 *
 * @param <V> what the register has, with {@code equals}; null for none
 */
public final class RegisterHistory<V extends @Nullable Object> {

    /** States that a search looks at before it gives up. */
    private static final int MAX_STATES = 2_000_000;

    private enum Kind {
        READ,
        WRITE,
        EXCHANGE
    }

    private final V initial;
    private final List<@Nullable Call> calls = new ArrayList<>();
    private long moments;

    /** @param initial what it has before the first call */
    public RegisterHistory(V initial) {
        this.initial = initial;
    }

    /** A write begins. */
    public Call write(V value) {
        return new Call(Kind.WRITE, value, value);
    }

    /** A write that takes place only if the register has an expected value, and fails otherwise, begins. */
    public Call exchange(V expected, V value) {
        return new Call(Kind.EXCHANGE, expected, value);
    }

    /** A read begins. */
    public Call read() {
        return new Call(Kind.READ, initial, initial);
    }

    /**
     * One call, open until it is told how it ended. One that stays open has taken place at any time since, or never.
     */
    public final class Call {

        private final Kind kind;
        private final V value;
        private final int index = calls.size();
        private final long begin = moments++;
        private V expected;
        private long end = Long.MAX_VALUE;
        private boolean refused;

        private Call(Kind kind, V expected, V value) {
            this.kind = kind;
            this.expected = expected;
            this.value = value;
            calls.add(this);
        }

        /** It has taken place. */
        public void done() {
            end = moments++;
        }

        /** A read has given a value. */
        public void gave(V seen) {
            expected = seen;
            done();
        }

        /** An exchange has found another value than the expected one. */
        public void refused() {
            refused = true;
            done();
        }

        /** It has not taken place and never will. */
        public void failed() {
            calls.set(index, null);
        }

        private boolean isOpen() {
            return end == Long.MAX_VALUE;
        }

        /** Whether it can take place where the register has a value. */
        private boolean fits(V now) {
            return switch (kind) {
                case WRITE -> true;
                case READ -> Objects.equals(now, expected);
                case EXCHANGE -> Objects.equals(now, expected) != refused;
            };
        }

        private V after(V now) {
            return kind == Kind.READ || refused ? now : value;
        }

        @Override
        public String toString() {
            String what = switch (kind) {
                case READ -> "read" + (isOpen() ? "" : " gave " + expected);
                case WRITE -> "write of " + value;
                case EXCHANGE -> "exchange of " + expected + " for " + value + (refused ? " refused" : "");
            };
            return begin + (isOpen() ? "..: " : ".." + end + ": ") + what;
        }
    }

    /**
     * Fails if no order explains what was told.
     *
     * @throws AssertionError with the history
     * @throws IllegalStateException if the history is too large to search
     */
    public void check() {
        List<Call> all = new ArrayList<>();
        for (Call each : calls) {
            // A read without an answer has told nobody anything.
            if (each != null && !(each.kind == Kind.READ && each.isOpen())) {
                all.add(each);
            }
        }
        if (!new Search(all).finds()) {
            throw new AssertionError("no order explains this history of a register that began with " + initial + ":\n  "
                    + String.join("\n  ", all.stream().map(Object::toString).toList()));
        }
    }

    private record State<V extends @Nullable Object>(BitSet taken, V now) {}

    private final class Search {

        private final List<Call> all;
        private final Set<State<V>> seen = new HashSet<>();

        private Search(List<Call> all) {
            this.all = all;
        }

        private boolean finds() {
            List<State<V>> ahead = new ArrayList<>();
            ahead.add(new State<>(new BitSet(), initial));
            while (!ahead.isEmpty()) {
                State<V> state = ahead.removeLast();
                if (!seen.add(state)) {
                    continue;
                }
                if (seen.size() > MAX_STATES) {
                    throw new IllegalStateException("the history is too large: more than " + MAX_STATES + " states");
                }
                if (isEnd(state)) {
                    return true;
                }
                addNext(state, ahead);
            }
            return false;
        }

        /** Only calls that nobody knows the end of are left. */
        private boolean isEnd(State<V> state) {
            for (int i = state.taken.nextClearBit(0); i < all.size(); i = state.taken.nextClearBit(i + 1)) {
                if (!all.get(i).isOpen()) {
                    return false;
                }
            }
            return true;
        }

        /** Next may come whatever has begun before the first end of those that are left. */
        private void addNext(State<V> state, List<State<V>> ahead) {
            long firstEnd = Long.MAX_VALUE;
            for (int i = state.taken.nextClearBit(0); i < all.size(); i = state.taken.nextClearBit(i + 1)) {
                if (all.get(i).begin > firstEnd) {
                    break;
                }
                firstEnd = Math.min(firstEnd, all.get(i).end);
            }
            for (int i = state.taken.nextClearBit(0); i < all.size(); i = state.taken.nextClearBit(i + 1)) {
                Call call = all.get(i);
                if (call.begin > firstEnd) {
                    break;
                }
                if (call.fits(state.now)) {
                    BitSet taken = (BitSet) state.taken.clone();
                    taken.set(i);
                    ahead.add(new State<>(taken, call.after(state.now)));
                }
            }
        }
    }
}
