package dev.heddle.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The words of a throwable come from code of users; there are always some, whatever that does. */
final class ThrowablesTest {

    /** An exception whose words are what a test says. */
    private static final class Odd extends RuntimeException {

        private final @Nullable String words;
        private final @Nullable Error failure;

        private Odd(@Nullable String words, @Nullable Error failure) {
            this.words = words;
            this.failure = failure;
        }

        @Override
        @SuppressWarnings("NullAway") // that is the point
        public String getMessage() {
            if (failure != null) {
                throw failure;
            }
            return words;
        }

        @Override
        public String toString() {
            return getMessage();
        }
    }

    @Test
    void textIsThatOfTheThrowable() {
        assertEquals("java.lang.IllegalStateException: no", Throwables.text(new IllegalStateException("no")));
        assertEquals("no", Throwables.describe(new IllegalStateException("no")));
    }

    @Test
    void throwableWithoutWordsIsCalledByItsType() {
        for (Odd odd : List.of(new Odd(null, null), new Odd(null, new StackOverflowError()),
                new Odd(null, new NoClassDefFoundError("texts")))) {
            assertEquals(Odd.class.getName(), Throwables.text(odd));
            assertEquals("Odd", Throwables.describe(odd));
        }
        assertEquals("Odd", Throwables.describe(new Odd(" ", null)));
    }

    @Test
    void failureWhoseWordsFailIsPrintedByItsTypeAndItsStack() {
        var fine = new IllegalStateException("no", new IllegalStateException("why"));
        assertSame(fine, Throwables.printable(fine));
        var odd = new Odd(null, new StackOverflowError());
        for (Throwable untold : List.of(odd, new IllegalStateException("no", odd))) {
            Throwable told = Throwables.printable(untold);
            assertTrue(told.toString().startsWith(Throwables.text(untold)), told.toString());
            assertArrayEquals(untold.getStackTrace(), told.getStackTrace());
        }
    }
}
