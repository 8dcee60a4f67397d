// A shop makes buns, somebody eats them, and the plate holds ten: who is faster waits. The end of the work ends the meal.
// Answers Day 11, threads and asyncio, program 9: producers and consumers.

import static dev.heddle.Heddle.*;

import dev.heddle.sync.Channel;

static final int BUNS = 30;

final Channel<String> plate = Channel.of(10);

void main() {
    run(this::makeAndEat);
}

void makeAndEat() {
    gather(this::make, this::eat);
}

void make() {
    IO.println("the bun shop next door");
    try (plate) {
        for (int i = 0; i < BUNS; i++) {
            plate.send("bun-" + i);
        }
    }
    IO.println("all are made");
}

void eat() {
    sleep(Duration.ofMillis(100));
    IO.println("hungry for buns");
    for (String bun : plate) {
        IO.println("I have eaten " + bun);
        sleep(Duration.ofMillis(5));
    }
    IO.println("all are eaten");
}
