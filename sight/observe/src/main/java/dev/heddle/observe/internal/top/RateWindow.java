package dev.heddle.observe.internal.top;

import java.util.Optional;
import java.util.stream.Stream;

/** A time that rates are over: the last so many rounds of a second. */
public enum RateWindow {
    ONE(1),
    TEN(10),

    /** Begins at a full ten of rounds, so it may be longer by up to nine. */
    SIXTY(60);

    private static final int STEP = 10;

    /** How many rounds it has. */
    public final int rounds;

    RateWindow(int rounds) {
        this.rounds = rounds;
    }

    /** The one of so many seconds, if there is one. */
    public static Optional<RateWindow> ofSeconds(long seconds) {
        return Stream.of(values()).filter(window -> window.rounds == seconds).findFirst();
    }

    /** The round in which it begins that ends in the given one. */
    int begin(int round) {
        int begin = Math.max(0, round - rounds);
        return this == SIXTY ? begin / STEP * STEP : begin;
    }

    /** What a series of rounds was like at the begin of each window. */
    static final class Memory<T> {

        private final Object[] ones = new Object[TEN.rounds + 1];
        private final Object[] tens = new Object[SIXTY.rounds / STEP + 1];
        private final T before;
        private int first = -1;

        /** @param before what it was before the first round */
        Memory(T before) {
            this.before = before;
        }

        void put(int round, T value) {
            first = first < 0 ? round : first;
            ones[round % ones.length] = value;
            if (round % STEP == 0) {
                tens[round / STEP % tens.length] = value;
            }
        }

        /** What it was when a window began that ends in the round that was put last. */
        @SuppressWarnings("unchecked") // what is in there was put
        T atBegin(RateWindow window, int round) {
            int begin = window.begin(round);
            if (begin < first) {
                return before;
            }
            return (T) (window == SIXTY ? tens[begin / STEP % tens.length] : ones[begin % ones.length]);
        }
    }
}
