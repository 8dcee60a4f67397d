package dev.heddle.process.shared;

import dev.heddle.process.RemoteCallable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Other threads of this process. */
final class InThreads implements Elsewhere {

    @Override
    public <T> Started<T> start(RemoteCallable<T> body) {
        CompletableFuture<T> end = new CompletableFuture<>();
        Thread.ofPlatform().name("other").start(() -> {
            try {
                end.complete(body.call());
            } catch (Throwable e) {
                end.completeExceptionally(e);
            }
        });
        return () -> Ends.of(end);
    }

    @Override
    public void pause() throws InterruptedException {
        Thread.sleep(1);
    }

    /** Ends of futures. */
    static final class Ends {

        private Ends() {}

        static <T> T of(java.util.concurrent.Future<T> future) throws Exception {
            try {
                return future.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Exception cause) {
                    throw cause;
                }
                throw e;
            }
        }
    }
}
