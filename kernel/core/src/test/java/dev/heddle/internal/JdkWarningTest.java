package dev.heddle.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Only JDKs with the bug are warned about, once, with what is wrong, what cures it and what silences it. */
final class JdkWarningTest {

    @Test
    void onlyJdksWithTheBugAreWarnedAbout() {
        assertTrue(JdkWarning.isUnsound(Runtime.Version.parse("25.0.3+9-LTS")));
        assertTrue(JdkWarning.isUnsound(Runtime.Version.parse("25")));
        assertFalse(JdkWarning.isUnsound(Runtime.Version.parse("25.0.4")));
        assertFalse(JdkWarning.isUnsound(Runtime.Version.parse("25.0.4+7-LTS")));
        assertTrue(JdkWarning.isUnsound(Runtime.Version.parse("26")));
        assertFalse(JdkWarning.isUnsound(Runtime.Version.parse("26.0.1+8")));
        assertFalse(JdkWarning.isUnsound(Runtime.Version.parse("27-ea+1")));
    }

    @Test
    void warningHasTheReasonTheCureAndTheOption() {
        String text = JdkWarning.text(Runtime.Version.parse("25.0.3+9-LTS"));
        assertTrue(text.contains("JDK-8373120"), text);
        assertTrue(text.contains("it is 25.0.3+9-LTS"), text);
        assertTrue(text.contains("run with 25.0.4, 26.0.1 or later"), text);
        assertTrue(text.contains("-Dheddle.jdk.warning=false"), text);
    }

    @Test
    void itIsNewsOnceAndToOneOfThoseWhoAskTogether(@TempDir Path caches) throws Exception {
        Path told = caches.resolve("new").resolve("heddle").resolve("jdk-25.0.3.told");
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Boolean>> answers = threads.invokeAll(Collections.nCopies(16, () -> JdkWarning.isNews(told)));
            int news = 0;
            for (Future<Boolean> answer : answers) {
                news += answer.get() ? 1 : 0;
            }
            assertEquals(1, news);
        }
        assertFalse(JdkWarning.isNews(told));
        assertTrue(JdkWarning.isNews(told.resolveSibling("jdk-25.0.2.told")));
        assertEquals(PosixFilePermissions.fromString("rwx------"), Files.getPosixFilePermissions(told.getParent()));
    }

    @Test
    void itStaysNewsWhereNothingCanBeKept(@TempDir Path caches) throws Exception {
        Path inTheWay = Files.createFile(caches.resolve("heddle"));
        for (int i = 0; i < 2; i++) {
            assertTrue(JdkWarning.isNews(null));
            assertTrue(JdkWarning.isNews(inTheWay.resolve("jdk-25.0.3.told")));
        }
    }
}
