package dev.heddle.net;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.NioEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where nothing can be handed over; what can is in the suites of engines. */
final class SocketHandoverTest {

    @TempDir
    Path directory;

    @Test
    void engineThatCannotSaysSoAtOnceEvenIfNobodyServes() {
        Heddle.run(Config.DEFAULT.withEngine(NioEngine::new), () -> {
            Path path = directory.resolve("h");
            var refused = assertThrows(ListenFailedException.class, () -> SocketHandover.at(path));
            assertTrue(String.valueOf(refused.getMessage()).contains("heddle-linux"), refused::getMessage);
            assertFalse(Files.exists(path));
        });
    }
}
