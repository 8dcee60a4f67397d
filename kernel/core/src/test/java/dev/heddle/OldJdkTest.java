package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.internal.JdkWarning;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user of a JDK with the known bug hears of it once, unless he says that he knows; of another, never. */
final class OldJdkTest {

    private static final long ONCE = JdkWarning.isUnsound(Runtime.version()) ? 1 : 0;

    @Test
    void firstLoopWarnsAndTheNextOnesDoNot() throws Exception {
        // The tests are started with the variable that silences it, and the property wins.
        assertEquals(ONCE, warnings("-Dheddle.jdk.warning=true"));
    }

    @Test
    void oneOptionSilencesIt() throws Exception {
        assertEquals(0, warnings("-Dheddle.jdk.warning=false"));
    }

    @Test
    void userHearsOfItOnceAndNotFromEachProcess(@TempDir Path home) throws Exception {
        // Neither the variable that silences it nor the caches of who runs the tests.
        List<String> nothingSaid = List.of("env", "-u", "HEDDLE_JDK_WARNING", "-u", "XDG_CACHE_HOME");
        assertEquals(ONCE, warnings(nothingSaid, "-Duser.home=" + home));
        assertEquals(0, warnings(nothingSaid, "-Duser.home=" + home));
    }

    private static long warnings(String option) throws Exception {
        return warnings(List.of(), option);
    }

    private static long warnings(List<String> before, String option) throws Exception {
        List<String> flags = List.of(ChildJvm.OPEN_LANG, ChildJvm.EXPORT_VM, option);
        try (ChildJvm child = ChildJvm.start(before, Program.class, flags)) {
            List<String> output = child.rest().lines().toList();
            assertEquals(1, output.stream().filter("ran"::equals).count(), output::toString);
            return output.stream().filter(line -> line.contains(JdkWarning.WHY)).count();
        }
    }

    static final class Program {
        public static void main(String[] args) {
            Loop.start(Config.DEFAULT).close();
            Heddle.run(() -> {});
            Heddle.run(() -> System.out.println("ran"));
        }
    }
}
