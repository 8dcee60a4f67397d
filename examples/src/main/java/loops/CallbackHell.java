// One purchase in three styles: callbacks, futures, plain lines. Each has failures, a limit of time, a cancel and a clean-up.
// Answers Threads, processes, coroutines, asyncio; Day 11, threads and asyncio: code in callbacks is hard to write, and coroutines cure it.

import static dev.heddle.Heddle.*;

import dev.heddle.Handle;
import dev.heddle.Task;
import dev.heddle.TaskFailedException;

final List<String> answered = new ArrayList<>();
int customersInside;

void main() {
    run(this::buyInEachStyle);
}

void buyInEachStyle() {
    for (String customer : List.of("Ada", "nobody", "Bob", "Eve")) {
        Duration limit = Duration.ofMillis(customer.equals("Bob") ? 250 : 1_000);   // three questions take 300 ms
        IO.println(customer + ":");
        show("callbacks", () -> {
            var bought = new CompletableFuture<String>();
            Runnable cancel = buyWithCallbacks(customer, limit, (receipt, failure) -> {
                if (failure != null) {
                    bought.completeExceptionally(failure);
                } else {
                    bought.complete(receipt);
                }
            });
            changeMind(customer, cancel);
            return await(bought);
        });
        show("futures", () -> {
            CompletableFuture<String> bought = buyWithFutures(customer, limit);
            changeMind(customer, () -> bought.cancel(true));
            return await(bought);
        });
        show("plain lines", () -> {
            Task<String> bought = spawn(() -> buy(customer, limit));
            changeMind(customer, () -> bought.cancel("does not want it any more"));
            return bought.join();
        });
    }
}

/** Eve does, between the first answer and the next. */
void changeMind(String customer, Runnable cancel) {
    if (customer.equals("Eve")) {
        currentLoop().callLater(Duration.ofMillis(150), cancel);
    }
}

// ---- callbacks ----

/** Calls back once, and gives what cancels the purchase. */
Runnable buyWithCallbacks(String customer, Duration limit, BiConsumer<String, Exception> done) {
    var open = new ArrayList<Handle>();
    var ended = new AtomicBoolean();
    BiConsumer<String, Exception> end = (receipt, failure) -> {
        if (ended.compareAndSet(false, true)) {
            open.forEach(Handle::cancel);
            leave();
            done.accept(receipt, failure);
        }
    };
    enter();
    open.add(currentLoop().callLater(limit, () -> end.accept(null, new TimeoutException())));
    open.add(ask("number of " + customer, (number, unknown) -> {
        if (unknown != null) {
            end.accept(null, unknown);
            return;
        }
        var both = new String[2];
        Runnable pay = () -> {
            if (both[0] == null || both[1] == null) {
                return;
            }
            open.add(ask("receipt for " + both[0] + " to " + both[1], (receipt, refused) -> {
                if (refused != null) {
                    end.accept(null, refused);
                    return;
                }
                end.accept(receipt, null);
            }));
        };
        open.add(ask("basket of " + number, (basket, lost) -> {
            if (lost != null) {
                end.accept(null, lost);
                return;
            }
            both[0] = basket;
            pay.run();
        }));
        open.add(ask("address of " + number, (address, lost) -> {
            if (lost != null) {
                end.accept(null, lost);
                return;
            }
            both[1] = address;
            pay.run();
        }));
    }));
    return () -> end.accept(null, new CancellationException());
}

// ---- futures ----

/** The limit and a cancel end the future, and leave the questions that are under way. */
CompletableFuture<String> buyWithFutures(String customer, Duration limit) {
    enter();
    var bought = askLater("number of " + customer)
            .thenCompose(number -> askLater("basket of " + number)
                    .thenCombine(
                            askLater("address of " + number),
                            (basket, address) -> "receipt for " + basket + " to " + address))
            .thenCompose(this::askLater);
    var late = currentLoop().callLater(limit, () -> bought.completeExceptionally(new TimeoutException()));
    var _ = bought.whenComplete((_, _) -> {
        late.cancel();
        leave();
    });
    return bought;
}

// ---- plain lines ----

String buy(String customer, Duration limit) {
    return timeout(limit, () -> {
        enter();
        try {
            String number = ask("number of " + customer);
            List<String> both = gather(() -> ask("basket of " + number), () -> ask("address of " + number));
            return ask("receipt for " + both.get(0) + " to " + both.get(1));
        } finally {
            leave();
        }
    });
}

// ---- the shop, which takes its time for each answer ----

static final Duration TIME = Duration.ofMillis(100);

Handle ask(String question, BiConsumer<String, Exception> callback) {
    return currentLoop().callLater(TIME, () -> {
        String answer;
        try {
            answer = answer(question);
        } catch (IOException e) {
            callback.accept(null, e);
            return;
        }
        callback.accept(answer, null);
    });
}

CompletableFuture<String> askLater(String question) {
    var future = new CompletableFuture<String>();
    ask(question, (answer, failure) -> {
        if (failure != null) {
            future.completeExceptionally(failure);
        } else {
            future.complete(answer);
        }
    });
    return future;
}

String ask(String question) throws IOException {
    sleep(TIME);
    return answer(question);
}

String answer(String question) throws IOException {
    answered.add(question);
    return switch (question.substring(0, question.indexOf(' '))) {
        case "number" -> {
            if (question.endsWith("nobody")) {
                throw new IOException("who is nobody?");
            }
            yield "7";
        }
        case "basket" -> "tea";
        case "address" -> "Mill Lane";
        default -> "paid" + question.substring("receipt".length());
    };
}

void enter() {
    customersInside++;
}

void leave() {
    customersInside--;
}

void show(String style, Callable<String> purchase) {
    answered.clear();
    customersInside = 0;
    String end;
    try {
        end = purchase.call();
    } catch (Exception e) {
        Throwable why = e instanceof TaskFailedException ? e.getCause() : e;
        end = why.getClass().getSimpleName();
    }
    sleep(Duration.ofSeconds(1));                        // what is still asked will be answered by then
    IO.println("  " + style + ": " + end + ", " + answered.size() + " answers, " + customersInside + " inside");
}
