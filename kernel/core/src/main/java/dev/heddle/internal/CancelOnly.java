package dev.heddle.internal;

/**
 * The words for a wait that nothing but a cancel is to end. Who looks for waits that nothing else can end
 * leaves it out.
 */
public record CancelOnly(String what) {

    @Override
    public String toString() {
        return what;
    }
}
