package dev.heddle.cluster.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Backoff;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.InMemoryStore;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.SessionOptions;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Who looks at a directory and fails keeps nobody else from seeing it. */
final class DirectoryViewTest {

    private static final String DIRECTORY = "values";

    private final List<String> told = new ArrayList<>();

    @Test
    void listenerThatFailsIsToldAndKeepsTheNewsFromNoOther() {
        under(lease -> {
            int[] heard = {0};
            DirectoryView view = lease.view(DIRECTORY);
            view.onPicture(_ -> {
                throw new NoClassDefFoundError("planted");
            });
            view.onPicture(_ -> heard[0]++);
            create(lease, "a");
            view.await(picture -> picture.entries().containsKey("a"));
            int before = heard[0];
            create(lease, "b");
            view.await(picture -> picture.entries().containsKey("b"));
            assertTrue(heard[0] > before);
        });
        assertEquals(1, told.size(), told.toString());
        assertTrue(told.getFirst().contains("the directory values of a cluster failed"), told.getFirst());
    }

    @Test
    void conditionThatFailsIsTheFailureOfWhoeverAsks() {
        under(lease -> {
            DirectoryView view = lease.view(DIRECTORY);
            view.await(_ -> true);
            lease.loop().callSoon(() -> lease.serve("a change", () -> create(lease, "a")));
            assertThrows(UnsupportedOperationException.class, () -> view.await(picture -> {
                if (picture.entries().containsKey("a")) {
                    throw new UnsupportedOperationException("planted");
                }
                return false;
            }));
            create(lease, "b");
            view.await(picture -> picture.entries().containsKey("b"));
        });
        assertEquals(List.of(), told);
    }

    private static void create(Lease lease, String name) {
        lease.commits().commit(List.of(new Op.Create(new Key(DIRECTORY, name), Bytes.EMPTY, Lifetime.DURABLE)));
    }

    private void under(Consumer<Lease> body) {
        SimOptions options = SimOptions.DEFAULT.withFailureHandler((_, failure) -> told.add(failure.getMessage()));
        Sim.run(options, _ -> {
            try (Lease lease = Lease.open(
                    InMemoryStore.create(), SessionOptions.of("shop"), Backoff.DEFAULT, Lease.NOTHING_SEEN)) {
                body.accept(lease);
            }
        });
    }
}
