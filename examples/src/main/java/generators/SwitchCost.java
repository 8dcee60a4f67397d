// Two loops that only compute, one after the other and taking turns at each step: turns cost time, and bring nothing. Arguments: [steps].
// Answers Threads and coroutines, program 26: the same in sequence and with greenlets.

import dev.heddle.generators.Coroutine;

Coroutine<Long> summing;
Coroutine<Long> multiplying;

void main(String[] args) {
    compare(args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000);
}

void compare(int steps) {
    oneAfterTheOther(steps);
    takingTurns(steps);
}

void oneAfterTheOther(int steps) {
    long start = System.nanoTime();
    long sum = sum(steps, () -> {});
    long product = multiply(steps, () -> {});
    IO.println("one after the other: " + sum + " and " + product + ", run time is " + millisSince(start) + " ms");
}

void takingTurns(int steps) {
    long start = System.nanoTime();
    summing = Coroutine.of(nothing -> sum(steps, () -> multiplying.switchTo(0L)));
    multiplying = Coroutine.of(nothing -> multiply(steps, () -> summing.switchTo(0L)));
    long sum = summing.switchTo(0L);
    IO.println("taking turns: " + sum + ", run time is " + millisSince(start) + " ms");
    multiplying.close(); // it waits for its last turn
}

long sum(int steps, Runnable turn) {
    long result = 1;
    for (int i = 0; i < steps; i++) {
        result += i;
        turn.run();
    }
    return result;
}

long multiply(int steps, Runnable turn) {
    long result = 1;
    for (int i = 0; i < steps; i++) {
        result *= i;
        turn.run();
    }
    return result;
}

long millisSince(long start) {
    return Duration.ofNanos(System.nanoTime() - start).toMillis();
}
