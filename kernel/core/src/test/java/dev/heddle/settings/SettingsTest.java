package dev.heddle.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings become a record of the program, and what is wrong is told at once and without values. */
final class SettingsTest {

    private enum Level {
        QUIET,
        VERY_LOUD
    }

    private record Bank(URI url, Duration patience) {}

    private record Shop(int port, long maxOrders, double share, boolean open, Level level, Path data, Bank bank,
            List<String> owners, Optional<Duration> rest) {

        Shop {
            if (port < 1) {
                throw new IllegalArgumentException("port is " + port);
            }
        }
    }

    private static final Shop DEFAULTS = new Shop(8080, 10, 0.5, true, Level.QUIET, Path.of("data"),
            new Bank(URI.create("https://bank.example"), Duration.ofSeconds(5)), List.of("ann"), Optional.empty());

    private record Other(String home) {}

    @TempDir
    private Path directory;

    private static List<String> faults(Map<String, String> values) {
        return assertThrows(SettingsException.class, () -> Settings.of(values).as(DEFAULTS)).faults();
    }

    @Test
    void allKindsOfValuesAreRead() {
        Shop shop = Settings.of(Map.of(
                "port", "80", "MAX_ORDERS", "5000000000", "share", "0.25", "open", "FALSE", "level", "very-loud",
                "data", "/srv", "bank.url", "https://b.example", "bank-patience", "PT1M", "owners", "bob, eve",
                "rest", "300ms")).as(Shop.class);
        assertEquals(new Shop(80, 5_000_000_000L, 0.25, false, Level.VERY_LOUD, Path.of("/srv"),
                new Bank(URI.create("https://b.example"), Duration.ofMinutes(1)), List.of("bob", "eve"),
                Optional.of(Duration.ofMillis(300))), shop);
    }

    @Test
    void componentsThatAreNotThereAreThoseOfTheDefaults() {
        assertEquals(DEFAULTS, Settings.of(Map.of()).as(DEFAULTS));
        Shop shop = Settings.of(Map.of("bankPatience", "2h", "owners", "")).as(DEFAULTS);
        assertEquals(new Bank(DEFAULTS.bank().url(), Duration.ofHours(2)), shop.bank());
        assertEquals(List.of(), shop.owners());
    }

    @Test
    void environmentGoesBeforeTheFile() throws IOException {
        Path file = Files.writeString(directory.resolve("shop.properties"), "# of the shop\nhome = from the file\n");
        assertEquals("from the file", Settings.file(file).as(Other.class).home());
        Settings both = Settings.environment("").or(Settings.file(file));
        assertEquals(System.getenv("HOME"), both.as(Other.class).home());
    }

    @Test
    void allFaultsAreToldAtOnceAndNoValue() {
        List<String> faults = faults(
                Map.of("port", "secret", "level", "secret", "bank.patience", "5", "prot", "secret"));
        assertEquals(
                List.of("port must be a whole number", "level must be one of QUIET, VERY_LOUD",
                        "bank.patience must be a duration such as 500ms, 30s, 5m or PT1H30M",
                        "there is no setting prot"),
                faults);
        assertFalse(faults.toString().contains("secret"));
    }

    @Test
    void missingOnesAreToldWithEachPlace() throws IOException {
        Path file = Files.createFile(directory.resolve("x.properties"));
        record Needed(Bank bank) {}
        List<String> faults = assertThrows(SettingsException.class,
                () -> Settings.environment("SHOP_").or(Settings.file(file)).as(Needed.class)).faults();
        assertEquals(List.of(
                "there is no SHOP_BANK_URL, nor bank.url in " + file,
                "there is no SHOP_BANK_PATIENCE, nor bank.patience in " + file), faults);
    }

    @Test
    void recordMayRefuse() {
        assertEquals(List.of("Shop is refused: java.lang.IllegalArgumentException: port is 0"),
                faults(Map.of("port", "0")));
    }

    @Test
    void fileThatIsNotThereIsTold() {
        Path none = directory.resolve("none.properties");
        assertThrows(SettingsException.class, () -> Settings.file(none));
    }

    @ParameterizedTest
    @CsvSource({"5ms, PT0.005S", "5s, PT5S", "5m, PT5M", "5h, PT5H", "5d, PT120H", "PT1H30M, PT1H30M"})
    void durationsHaveUnits(String text, Duration duration) {
        assertEquals(Optional.of(duration), Settings.of(Map.of("rest", text)).as(DEFAULTS).rest());
    }

    @Test
    void classThatNoSettingHasIsTheProgramsFault() {
        record Odd(Thread thread) {}
        assertThrows(UnsupportedOperationException.class,
                () -> Settings.of(Map.of("thread", "x")).as(Odd.class));
    }
}
