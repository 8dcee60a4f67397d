package dev.heddle.http.internal.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The budget of retries of a client on several loops. */
final class RetryBudgetTest {

    private static final int REQUESTS_OF_A_RETRY = 5;

    private final RetryBudget budget = new RetryBudget();

    @Test
    void newBudgetHasTenRetries() {
        assertEquals(10, takeAll());
    }

    @Test
    void fullBudgetHasAHundredHoweverManyRequestsThereWere() {
        request(100_000);
        assertEquals(100, takeAll());
    }

    @Test
    void whatAFullBudgetHasGivenIsEarnedAgain() {
        request(100_000);
        assertEquals(100, takeAll());
        request(3 * REQUESTS_OF_A_RETRY);
        assertEquals(3, takeAll());
    }

    @Test
    void noRequestOfSeveralThreadsIsLostWhileThereIsRoom() throws InterruptedException {
        takeAll();
        Thread other = Thread.ofPlatform().start(() -> request(40 * REQUESTS_OF_A_RETRY));
        request(40 * REQUESTS_OF_A_RETRY);
        other.join();
        assertEquals(80, takeAll());
    }

    private void request(int times) {
        for (int i = 0; i < times; i++) {
            budget.requested();
        }
    }

    private int takeAll() {
        int taken = 0;
        while (budget.tryTake()) {
            taken++;
        }
        return taken;
    }
}
