package dev.heddle;

import java.util.concurrent.CompletableFuture;

/** The suite of completable futures on those of promises. */
final class PromiseFutureContractTest extends CompletableFutureContract {

    private Promise<String> promise = new Promise<>();

    @Override
    CompletableFuture<String> make() {
        promise = new Promise<>();
        return another();
    }

    @Override
    CompletableFuture<String> another() {
        return promise.toCompletableFuture();
    }

    @Override
    void succeed(String value) {
        promise.tryComplete(value);
    }

    @Override
    void fail(RuntimeException why) {
        promise.tryFail(why);
    }
}
