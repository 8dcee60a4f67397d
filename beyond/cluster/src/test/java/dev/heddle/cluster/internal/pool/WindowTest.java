package dev.heddle.cluster.internal.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** How many bodies a node gets ahead follows from what they take. */
final class WindowTest {

    private static final int WORKERS = 2;
    private static final int FEW = 16;
    private static final int MANY = 512;
    private static final long MICRO = 1_000;
    private static final long MILLI = 1_000_000;

    private long now = 5;
    private final Window window = new Window(() -> now, WORKERS);
    private int given;

    /** Gives as many as there is room for; how many those were. */
    private int fill() {
        int before = given;
        while (window.hasRoom(given)) {
            given++;
            window.gave(given);
        }
        return given - before;
    }

    /** Has bodies answered, each after a time, and room filled again. */
    private void run(int bodies, long nanosEach) {
        for (int i = 0; i < bodies; i++) {
            answer(nanosEach);
            fill();
        }
    }

    private void answer(long nanos) {
        now += nanos;
        given--;
        window.answered(given);
    }

    @Test
    void aNodeGetsAFewUntilTheirTimeIsKnown() {
        assertEquals(FEW, fill());
        answer(MICRO);
        assertEquals(1, fill());
    }

    @Test
    void shortOnesAreGivenInNumbers() {
        fill();
        run(FEW, 10 * MICRO);
        assertEquals(MANY, given);
    }

    @Test
    void thoseThatAreNotSoShortAreGivenForAWhile() {
        fill();
        run(FEW, 200 * MICRO);
        assertEquals(50, given);
    }

    @Test
    void longOnesStayAFew() {
        fill();
        run(1_000, MILLI);
        assertEquals(FEW, given);
    }

    @Test
    void fullWindowIsFilledAgainWhenAPartIsFree() {
        fill();
        run(FEW, 10 * MICRO);
        for (int i = 1; i < MANY / 4; i++) {
            answer(10 * MICRO);
            assertEquals(0, fill());
        }
        answer(10 * MICRO);
        assertEquals(MANY / 4, fill());
    }

    @Test
    void longOneAmongShortOnesHasNoMoreThanAFewGivenBehindIt() {
        fill();
        run(FEW, 10 * MICRO);
        for (int i = 0; i < MANY / 2; i++) {
            answer(10 * MICRO);
        }
        now += 50 * MILLI;
        assertEquals(0, fill());
        given = FEW - 1;
        assertEquals(1, fill());
    }

    @Test
    void onesThatGrowLongAreAFewAgain() {
        fill();
        run(1_000, 10 * MICRO);
        run(1_000, 5 * MILLI);
        assertEquals(FEW, given);
        run(1_000, 10 * MICRO);
        assertTrue(given > MANY / 2);
    }

    @Test
    void aNodeThatGivesBackGetsAFew() {
        fill();
        run(FEW, 10 * MICRO);
        given--;
        window.shrink();
        assertEquals(0, fill());
    }

    @Test
    void timeWithoutBodiesIsNotTheirs() {
        fill();
        while (given > 0) {
            answer(10 * MICRO);
        }
        now += 1_000 * MILLI;
        fill();
        run(MANY, 10 * MICRO);
        assertEquals(MANY, given);
    }
}
