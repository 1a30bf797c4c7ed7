//! Pointer and keyboard over the plot: pointing, pinning, and picking a time window.

use super::Picture;
use super::pointing::snap;
use super::touch::Fingers;
use leptos::html::Div;
use leptos::prelude::*;
use std::time::Duration;
use web_sys::{KeyboardEvent, MouseEvent, PointerEvent, WheelEvent};

/// Less than so many pixels is a click.
pub(super) const DRAG: f64 = 5.0;

/// How long a finger stays until it pins.
const LONG: Duration = Duration::from_millis(450);
/// How long the wheel gathers turns.
const WHEEL_REST: Duration = Duration::from_millis(150);

/// Where the pointer is, in CSS pixels from the box's corner; the keyboard has no height.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pointer {
    pub(super) left: f64,
    pub(super) top: Option<f64>,
}

/// What the pointer and the keyboard do to a chart.
#[derive(Clone, Copy)]
pub(super) struct Gesture {
    pub(super) picture: Signal<Option<Picture>>,
    /// The time under the crosshair, shared with the other charts of the page.
    pub(super) time: RwSignal<Option<f64>>,
    pub(super) pointer: RwSignal<Option<Pointer>>,
    /// Whether the tooltip stays where it is.
    pub(super) pinned: RwSignal<bool>,
    /// Where a drag began.
    pub(super) drag_from: RwSignal<Option<f64>>,
    /// Whether the drag moves the window instead of picking one.
    pub(super) panning: RwSignal<bool>,
    /// At which height a drag with Alt began, which picks a span of values.
    pub(super) rising_from: RwSignal<Option<f64>>,
    /// The span of values that is shown.
    values: RwSignal<Option<(f64, f64)>>,
    /// How many zooms a double click can undo.
    zooms: StoredValue<u32>,
    /// Fingers on the plot.
    fingers: StoredValue<Fingers>,
    /// The window that the wheel has turned to, before it is asked for.
    turning: StoredValue<Option<(f64, f64)>>,
    on_zoom: Callback<(f64, f64)>,
}

impl Gesture {
    pub(super) fn new(
        picture: Signal<Option<Picture>>,
        time: RwSignal<Option<f64>>,
        on_zoom: Callback<(f64, f64)>,
        values: RwSignal<Option<(f64, f64)>>,
    ) -> Self {
        Self {
            picture,
            time,
            pointer: RwSignal::new(None),
            pinned: RwSignal::new(false),
            drag_from: RwSignal::new(None),
            panning: RwSignal::new(false),
            rising_from: RwSignal::new(None),
            values,
            zooms: StoredValue::new(0),
            fingers: StoredValue::new(Fingers::default()),
            turning: StoredValue::new(None),
            on_zoom,
        }
    }

    /// The pointer moved over the plot.
    pub(super) fn moved(self, event: &PointerEvent) {
        if event.pointer_type() == "touch"
            && let Some(at) = self.place(event)
        {
            self.fingers
                .update_value(|fingers| fingers.moved(event.pointer_id(), at.left));
        }
        if !self.pinned.get_untracked() {
            self.point(self.place(event));
        }
    }

    /// A button went down: a click or a drag begins.
    pub(super) fn pressed(self, event: &PointerEvent, surface: NodeRef<Div>) {
        if event.button() != 0 {
            return;
        }
        if let (Some(surface), Some(at)) = (surface.get_untracked(), self.place(event)) {
            // Without capture a drag merely ends at the plot's edge.
            let _ = surface.set_pointer_capture(event.pointer_id());
            self.pinned.set(false);
            if event.pointer_type() == "touch" {
                self.touched(event.pointer_id(), at);
                if self.fingers.with_value(Fingers::are_two) {
                    self.drag_from.set(None);
                    return;
                }
            }
            if event.alt_key() {
                self.rising_from.set(at.top);
                return;
            }
            self.panning.set(event.shift_key());
            self.drag_from.set(Some(at.left));
        }
    }

    /// The button went up: a click pins, a drag picks a window.
    pub(super) fn released(self, event: &PointerEvent) {
        let fingers = self
            .fingers
            .try_update_value(|fingers| fingers.lifted(event.pointer_id()));
        if let (Some(Some(pinch)), Some(picture)) = (fingers, self.picture.get_untracked()) {
            let scale = picture.plot.x_scale(&picture.layout);
            if let Some((start, end)) = pinch.window(&scale, picture.layout.plot) {
                self.point(None);
                self.zoom(start, end);
            }
            return;
        }
        if let Some(from) = self.rising_from.get_untracked() {
            self.rising_from.set(None);
            self.pick_values(from, self.place(event).and_then(|to| to.top));
            return;
        }
        let (Some(from), Some(to), Some(picture)) = (
            self.drag_from.get_untracked(),
            self.place(event),
            self.picture.get_untracked(),
        ) else {
            return;
        };
        self.drag_from.set(None);
        if (to.left - from).abs() < DRAG {
            self.point(Some(to));
            self.pinned.set(true);
            return;
        }
        let scale = picture.plot.x_scale(&picture.layout);
        self.point(None);
        if self.panning.get_untracked() {
            self.panning.set(false);
            // In whole seconds, which addresses tell: the range stays as long as it is.
            let by = scale.to_value(from) - scale.to_value(to.left);
            let (start, end) = (picture.data().start, picture.data().end);
            let moved = (start + by).round();
            self.zoom(moved, moved + (end - start).round());
            return;
        }
        self.zoom(
            scale.to_value(from.min(to.left)),
            scale.to_value(from.max(to.left)),
        );
    }

    /// The browser took the pointer, for scrolling.
    pub(super) fn cancelled(self, event: &PointerEvent) {
        self.fingers.update_value(|fingers| {
            fingers.lifted(event.pointer_id());
        });
        self.panning.set(false);
        self.rising_from.set(None);
        self.drag_from.set(None);
    }

    /// Shows only the values between two heights.
    fn pick_values(self, from: f64, to: Option<f64>) {
        let (Some(to), Some(picture)) = (to, self.picture.get_untracked()) else {
            return;
        };
        if (to - from).abs() < DRAG {
            return;
        }
        let plot = picture.layout.plot;
        let scale = picture.plot.y_scale(&picture.layout);
        let value = |top: f64| scale.to_value(top.clamp(plot.top, plot.top + plot.height));
        self.point(None);
        self.values
            .set(Some((value(from.max(to)), value(from.min(to)))));
    }

    /// A finger went down; one that stays pins the values there.
    fn touched(self, id: i32, at: Pointer) {
        self.fingers
            .update_value(|fingers| fingers.put(id, at.left));
        let stays = move || {
            let still = self
                .fingers
                .try_with_value(|fingers| fingers.stays(id))
                .unwrap_or(false);
            if still {
                self.drag_from.set(None);
                self.point(Some(at));
                self.pinned.set(true);
            }
        };
        set_timeout(stays, LONG);
    }

    /// The wheel turned: with Ctrl it zooms around the pointer.
    pub(super) fn turned(self, event: &WheelEvent) {
        if !event.ctrl_key() {
            return;
        }
        event.prevent_default();
        let (Some(picture), Some(at)) = (self.picture.get_untracked(), self.place(event)) else {
            return;
        };
        let data = picture.data();
        let (start, end) = self.turning.get_value().unwrap_or((data.start, data.end));
        let plot = picture.layout.plot;
        let part = ((at.left - plot.left) / plot.width).clamp(0.0, 1.0);
        let factor = 1.25f64.powf((event.delta_y() / 100.0).clamp(-4.0, 4.0));
        let (center, width) = (start + (end - start) * part, (end - start) * factor);
        let next = (center - width * part, center + width * (1.0 - part));
        let first = self.turning.get_value().is_none();
        self.turning.set_value(Some(next));
        if first {
            // One question for all turns until the wheel rests.
            let ask = move || {
                if let Some(Some((start, end))) = self.turning.try_update_value(Option::take) {
                    self.zoom(start, end);
                }
            };
            set_timeout(ask, WHEEL_REST);
        }
    }

    /// The pointer went away.
    pub(super) fn left(self) {
        // An element that is taken off the page while in use still tells that it is left: by then its
        // signals are gone, hence `try`, here and below.
        let dragging = self.drag_from.try_get_untracked() != Some(None);
        if self.pinned.try_get_untracked() == Some(false) && !dragging {
            self.point(None);
        }
    }

    /// Nothing is pointed at any more, pinned or not.
    pub(super) fn free(self) {
        let gone = self.pinned.try_set(false).is_some();
        if !gone {
            self.point(None);
        }
    }

    /// Shows all values again, or else undoes the last zoom of this chart.
    pub(super) fn step_back(self) {
        if self.values.get_untracked().is_some() {
            self.values.set(None);
            self.free();
            return;
        }
        if self.zooms.get_value() == 0 {
            return;
        }
        self.zooms.update_value(|zooms| *zooms -= 1);
        self.free();
        // The address is the state: what was before is in the browser's history.
        if let Ok(history) = window().history() {
            // Where there is no way back, the window stays.
            let _ = history.back();
        }
    }

    /// Does what a key says.
    pub(super) fn key(self, event: &KeyboardEvent) {
        let Some(picture) = self.picture.get_untracked() else {
            return;
        };
        let data = picture.data();
        let middle = f64::midpoint(data.start, data.end);
        let at = self.time.get_untracked();
        let step = if event.shift_key() { 10.0 } else { 1.0 } * data.step;
        match event.key().as_str() {
            "ArrowLeft" => self.go(&picture, at.map_or(middle, |time| time - step)),
            "ArrowRight" => self.go(&picture, at.map_or(middle, |time| time + step)),
            "Home" => self.go(&picture, data.start),
            "End" => self.go(&picture, data.end),
            "Enter" => self
                .pinned
                .update(|pinned| *pinned = !*pinned && at.is_some()),
            "Escape" => self.free(),
            "+" | "=" => self.zoom_around(&picture, at.unwrap_or(middle), 0.5),
            "-" | "_" => self.zoom_around(&picture, at.unwrap_or(middle), 2.0),
            _ => return,
        }
        event.prevent_default();
    }

    fn go(self, picture: &Picture, time: f64) {
        let data = picture.data();
        let left = picture
            .plot
            .x_scale(&picture.layout)
            .to_pixel(time.clamp(data.start, data.end));
        self.point(Some(Pointer { left, top: None }));
    }

    fn zoom_around(self, picture: &Picture, center: f64, factor: f64) {
        let half = (picture.data().end - picture.data().start) / 2.0 * factor;
        self.zoom(center - half, center + half);
    }

    fn zoom(self, start: f64, end: f64) {
        self.zooms.update_value(|zooms| *zooms += 1);
        self.on_zoom.run((start, end));
    }

    fn point(self, to: Option<Pointer>) {
        let picture = self.picture.get_untracked();
        let time = to.zip(picture).map(|(pointer, picture)| {
            snap(
                &picture,
                picture.plot.x_scale(&picture.layout).to_value(pointer.left),
            )
        });
        self.pointer.set(to);
        self.time.set(time);
    }

    /// Where on the box an event is; the surface that receives it covers the plot.
    fn place(self, event: &MouseEvent) -> Option<Pointer> {
        let plot = self.picture.get_untracked()?.layout.plot;
        let left =
            (f64::from(event.offset_x()) + plot.left).clamp(plot.left, plot.left + plot.width);
        Some(Pointer {
            left,
            top: Some(f64::from(event.offset_y()) + plot.top),
        })
    }
}
