package dev.heddle.cluster.sqlite;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.cluster.sql.SqlDialect;
import dev.heddle.cluster.sql.SqlFaultsContract;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.cluster.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of SQLite in trouble. */
@Tag("full")
final class SqliteFaultsTest implements SqlFaultsContract {

    @TempDir
    private Path folder;

    @Override
    public SqlDialect dialect() {
        return new SqliteDialect(folder.resolve("store.db"));
    }

    private static void assertRefused(Path file, String why) {
        Heddle.run(() -> {
            var failure = assertThrows(StoreUnavailableException.class, () -> SqliteStore.at(file)
                    .open(SessionOptions.of("shop").withTimeout(Duration.ofSeconds(10))));
            assertTrue(failure.getMessage().contains(why) && failure.getMessage().contains(file.toString()),
                    failure::toString);
        });
    }

    @Test
    void fileThatIsNoneOfSqliteIsNamed() throws IOException {
        assertRefused(Files.writeString(folder.resolve("letter.txt"), "Dear Ada, ".repeat(1000)),
                "it is no file of SQLite");
    }

    @Test
    void directoryThatIsNotThereIsNamed() {
        assertRefused(folder.resolve("nowhere/store.db"), "its directory must be there");
    }

    @Test
    void pathWithAQuestionMarkIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> SqliteStore.at(Path.of("shop?mode=memory")));
    }
}
