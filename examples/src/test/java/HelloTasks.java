import static dev.heddle.Heddle.*;

void main() {
    run(this::greetBoth);
}

void greetBoth() {
    gather(
            () -> greet("Ada", Duration.ofSeconds(2)),
            () -> greet("Bob", Duration.ofSeconds(1)));
}

void greet(String name, Duration delay) {
    sleep(delay);
    IO.println("hello " + name);
}
