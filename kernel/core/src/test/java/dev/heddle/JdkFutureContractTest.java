package dev.heddle;

import java.util.concurrent.CompletableFuture;

/** The suite of completable futures on the JDK's, whose promises these are. */
final class JdkFutureContractTest extends CompletableFutureContract {

    private CompletableFuture<String> future = new CompletableFuture<>();

    @Override
    CompletableFuture<String> make() {
        future = new CompletableFuture<>();
        return future;
    }

    @Override
    CompletableFuture<String> another() {
        return future.copy();
    }

    @Override
    void succeed(String value) {
        future.complete(value);
    }

    @Override
    void fail(RuntimeException why) {
        future.completeExceptionally(why);
    }
}
