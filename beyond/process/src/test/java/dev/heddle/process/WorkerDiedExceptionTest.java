package dev.heddle.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The message of a worker that has died says how, and no more than is known. */
final class WorkerDiedExceptionTest {

    @ParameterizedTest
    @CsvSource({
            "0,   'exit code 0, or one that is not known since somebody else took it'",
            "3,   exit code 3",
            "137, by signal 9 (SIGKILL: somebody or the out-of-memory killer)"
    })
    void messageSaysHowItEnded(int code, String how) {
        var died = new WorkerDiedException("worker-1", 4711, "died", code, List.of(), null);
        assertEquals("worker-1 (process 4711) died, " + how, died.getMessage());
    }
}
