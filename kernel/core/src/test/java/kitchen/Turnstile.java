package kitchen;

import dev.heddle.ParkingLot;

/** A primitive of a user's own. */
public final class Turnstile {

    private final ParkingLot waiting = new ParkingLot("the turnstile to open");

    public void pass() {
        waiting.park();
    }

    public void open() {
        waiting.unparkAll();
    }
}
