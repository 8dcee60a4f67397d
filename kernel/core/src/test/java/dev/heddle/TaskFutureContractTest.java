package dev.heddle;

import java.util.concurrent.CompletableFuture;

/** The suite of completable futures on those of tasks. */
final class TaskFutureContractTest extends CompletableFutureContract {

    private final Loop loop = Loop.start(Config.DEFAULT.withFailureHandler((what, e) -> {}));
    private Promise<String> end = new Promise<>();
    private Task<String> task = loop.spawn(() -> "");

    @Override
    CompletableFuture<String> make() {
        Promise<String> mine = new Promise<>();
        end = mine;
        task = loop.spawn(() -> mine.join());
        return another();
    }

    @Override
    CompletableFuture<String> another() {
        return task.toCompletableFuture();
    }

    @Override
    void succeed(String value) {
        end.tryComplete(value);
        task.awaitOutcome();
    }

    @Override
    void fail(RuntimeException why) {
        end.tryFail(why);
        task.awaitOutcome();
    }

    @Override
    void end() {
        loop.close();
    }
}
