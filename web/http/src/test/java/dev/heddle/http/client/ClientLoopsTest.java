package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertSame;

import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.http.internal.client.connection.ClientLoop;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A loop has one part of a client, however many tasks ask for the first time at once. */
final class ClientLoopsTest {

    @Test
    @SuppressWarnings("unchecked")
    void tasksThatWaitForAnotherLoopAtTheTableOfPartsGetTheSameOne() throws Exception {
        try (var client = HttpClient.builder().build()) {
            var loops = new ClientLoops(client.settings());
            Field field = ClientLoops.class.getDeclaredField("parts");
            field.setAccessible(true);
            var parts = (Map<Loop, ClientLoop>) field.get(loops);
            List<ClientLoop> got = new ArrayList<>();
            Heddle.run(() -> {
                Loop loop = Heddle.currentLoop();
                var taken = new CountDownLatch(1);
                var letGo = new CountDownLatch(1);
                Thread another = Thread.ofPlatform().start(() -> parts.compute(loop, (key, part) -> {
                    taken.countDown();
                    await(letGo);
                    return part;
                }));
                Heddle.offload(() -> taken.await());
                List<Task<Void>> tasks = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    tasks.add(Heddle.spawn(() -> {
                        got.add(loops.here());
                    }));
                }
                Heddle.checkpoint();
                letGo.countDown();
                tasks.forEach(Task::join);
                another.join();
            });
            assertSame(got.getFirst(), got.getLast());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
