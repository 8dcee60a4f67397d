package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.GroupException;
import dev.heddle.Task;
import dev.heddle.settings.Settings;
import dev.heddle.sim.Sim;
import dev.heddle.sync.Channel;
import dev.heddle.sync.Receiver;
import dev.heddle.sync.Sender;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of the chapter about containers. */
final class ContainersTest {

    @TempDir
    private Path directory;

    private final List<String> taken = new ArrayList<>();

    private final List<String> stored = new ArrayList<>();

    private int room = Integer.MAX_VALUE;

    record Shop(int port, Duration patience, URI bank, Optional<String> greeting) {}

    @Test
    void settingsComeFromAFile() throws IOException {
        Path file = Files.writeString(directory.resolve("shop.properties"), "patience = 30s");
        Shop shop = Settings.environment("SHOP_")
                .or(Settings.file(file))
                .as(new Shop(8080, Duration.ofSeconds(5), URI.create("https://bank.example"), Optional.empty()));
        assertEquals(Duration.ofSeconds(30), shop.patience());
    }

    void work() {
        Channel<String> orders = Channel.of(100);
        Channel<String> results = Channel.of(100);
        group(g -> {
            g.spawn("price", () -> shield(() -> {
                try (Receiver<String> in = orders.receiver(); Sender<String> out = results.sender()) {
                    for (String order : in) {                 // ends when the channel is closed and empty
                        out.send(price(order));
                    }
                }
            }));
            g.spawn("store", () -> shield(() -> {
                try (Receiver<String> in = results.receiver()) {
                    for (String result : in) {
                        store(result);
                    }
                }
            }));
            try {
                while (true) {
                    String order = takeOrder();               // the only wait that a cancel reaches
                    shield(() -> orders.send(order));
                }
            } finally {
                orders.close();
            }
        });
    }

    private String takeOrder() {
        sleep(Duration.ofMillis(3));
        String order = "order " + taken.size();
        taken.add(order);
        return order;
    }

    private String price(String order) {
        sleep(Duration.ofMillis(5));
        return order;
    }

    private void store(String result) throws IOException {
        sleep(Duration.ofMillis(7));
        if (stored.size() == room) {
            throw new IOException("disk full");
        }
        stored.add(result);
    }

    @Test
    void pipelineFinishesWhatItHasTaken() {
        var sizes = new HashSet<Integer>();
        for (int millis : List.of(0, 20, 200, 3_000)) {
            taken.clear();
            stored.clear();
            Sim.run(() -> {
                Task<Void> working = spawn(this::work);
                sleep(Duration.ofMillis(millis));
                working.cancel("SIGTERM");
                working.awaitOutcome();
            });
            assertEquals(taken, stored);
            sizes.add(stored.size());
        }
        assertTrue(sizes.size() >= 3, () -> "the stop came at the same place: " + sizes);
    }

    @Test
    void pipelineEndsWithItsStage() {
        room = 10;
        GroupException failed = assertThrows(GroupException.class, () -> Sim.run(this::work));
        assertTrue(failed.failures().getFirst().toString().contains("disk full"), failed::toString);
        assertEquals(10, stored.size());
    }
}
