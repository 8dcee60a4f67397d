package dev.heddle.internal;

/**
 * What a wait is for that nothing but a cancel is to end, in words. Who looks for waits that nothing else can end
 * leaves it out.
 */
public record CancelOnly(String what) {

    @Override
    public String toString() {
        return what;
    }
}
