package dev.heddle.examples.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.settings.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of the chapter about containers. */
final class ContainersTest {

    @TempDir
    private Path directory;

    record Shop(int port, Duration patience, URI bank, Optional<String> greeting) {}

    @Test
    void settingsComeFromAFile() throws IOException {
        Path file = Files.writeString(directory.resolve("shop.properties"), "patience = 30s");
        Shop shop = Settings.environment("SHOP_")
                .or(Settings.file(file))
                .as(new Shop(8080, Duration.ofSeconds(5), URI.create("https://bank.example"), Optional.empty()));
        assertEquals(Duration.ofSeconds(30), shop.patience());
    }
}
