package dev.heddle.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.ManualEngine;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A log that cannot be written is no failure of who wanted to tell one. */
final class BoundedLogTest {

    /** As that of the JDK, whose first entry needs a descriptor. */
    private record BrokenLogger() implements System.Logger {

        @Override
        public String getName() {
            return "broken";
        }

        @Override
        public boolean isLoggable(Level level) {
            return true;
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, String text, @Nullable Throwable thrown) {
            throw new NoClassDefFoundError("Too many open files");
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, String format, Object... values) {
            throw new NoClassDefFoundError("Too many open files");
        }
    }

    @Test
    void whatCannotBeLoggedGoesToTheStandardErrorAndItsTellerGoesOn() {
        var log = new BoundedLog(new ReportLog(new BrokenLogger(), null, BoundedLogTest.class));
        PrintStream before = System.err;
        var printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            log.log(System.Logger.Level.ERROR, "off the loops", null);
            Heddle.run(() -> log.log(System.Logger.Level.ERROR, "cannot accept", new IllegalStateException("full")));
        } finally {
            System.setErr(before);
        }
        String text = printed.toString(StandardCharsets.UTF_8);
        assertEquals(2, text.lines().count(), text);
        assertTrue(text.contains("cannot accept: java.lang.IllegalStateException: full (not in the log, since"), text);
    }

    /** As one whose lock somebody else has: whoever waits for it lets the others of its loop in. */
    private static final class SlowLogger implements System.Logger {

        final List<String> lines = new ArrayList<>();

        @Override
        public String getName() {
            return "slow";
        }

        @Override
        public boolean isLoggable(Level level) {
            return true;
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, String text, @Nullable Throwable thrown) {
            Heddle.checkpoint();
            lines.add(text);
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, String format, Object... values) {
            lines.add(format);
        }
    }

    @Test
    void whatWasLeftOutIsToldOnceAlsoWhereTheLogIsSlow() {
        var logger = new SlowLogger();
        var log = new BoundedLog(new ReportLog(logger, null, BoundedLogTest.class));
        ManualEngine.run(() -> {
            for (int i = 0; i < BoundedLog.MAX_ENTRIES + 5; i++) {
                log.log(System.Logger.Level.ERROR, "cannot accept", null);
            }
            Heddle.sleep(BoundedLog.INTERVAL);
            logger.lines.clear();
            Heddle.group(g -> {
                g.spawn(() -> log.log(System.Logger.Level.ERROR, "first", null));
                g.spawn(() -> log.log(System.Logger.Level.ERROR, "second", null));
            });
        });
        assertEquals(
                List.of("5 more like the next were left out of the log of loop", "second", "first"), logger.lines);
    }
}
