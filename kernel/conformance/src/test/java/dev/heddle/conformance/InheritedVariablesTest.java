package dev.heddle.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Heddle;
import dev.heddle.os.Subprocess;
import dev.heddle.os.SubprocessOptions;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Variables that this process hands on as it got them, also where their bytes are no text. */
@Tag("full")
final class InheritedVariablesTest {

    /** The process between. */
    static final class Between {
        public static void main(String[] args) {
            Heddle.run(() -> {
                SubprocessOptions options = SubprocessOptions.DEFAULT.withVariable("OTHER", "ü");
                System.out.print(
                        Subprocess.run(options, "/bin/sh", "-c", "printf %s:%s \"$BYTES\" \"$OTHER\" | od -An -tx1")
                                .check()
                                .text());
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"io_uring", "epoll", "nio"})
    void bytesThatAreNoTextReachTheChildOfAChild(String engine) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String line = "BYTES=$(printf 'a\\377b') exec \"$0\" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
                + " --add-opens=java.base/java.lang=ALL-UNNAMED --add-exports=java.base/jdk.internal.vm=ALL-UNNAMED"
                + " --enable-native-access=ALL-UNNAMED -Dheddle.engine=\"$1\" -cp \"$2\" \"$3\"";
        String seen = Heddle.run(() -> Subprocess.run(SubprocessOptions.DEFAULT.withVariable("LC_ALL", "C.UTF-8"),
                "/bin/sh", "-c", line, java, engine, System.getProperty("java.class.path"), Between.class.getName())
                .check()
                .text());

        assertEquals("61 ff 62 3a c3 bc", seen.strip());
    }
}
