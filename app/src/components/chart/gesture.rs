//! Pointer and keyboard over the plot: pointing, pinning, and picking a time window.

use super::Picture;
use super::pointing::snap;
use leptos::html::Div;
use leptos::prelude::*;
use web_sys::{KeyboardEvent, PointerEvent};

/// Less than so many pixels is a click.
pub(super) const DRAG: f64 = 5.0;

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
    /// How many zooms a double click can undo.
    zooms: StoredValue<u32>,
    on_zoom: Callback<(f64, f64)>,
}

impl Gesture {
    pub(super) fn new(
        picture: Signal<Option<Picture>>,
        time: RwSignal<Option<f64>>,
        on_zoom: Callback<(f64, f64)>,
    ) -> Self {
        Self {
            picture,
            time,
            pointer: RwSignal::new(None),
            pinned: RwSignal::new(false),
            drag_from: RwSignal::new(None),
            zooms: StoredValue::new(0),
            on_zoom,
        }
    }

    /// The pointer moved over the plot.
    pub(super) fn moved(self, event: &PointerEvent) {
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
            self.drag_from.set(Some(at.left));
            self.pinned.set(false);
        }
    }

    /// The button went up: a click pins, a drag picks a window.
    pub(super) fn released(self, event: &PointerEvent) {
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
        self.zoom(
            scale.to_value(from.min(to.left)),
            scale.to_value(from.max(to.left)),
        );
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

    /// Undoes the last zoom of this chart.
    pub(super) fn step_back(self) {
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
    fn place(self, event: &PointerEvent) -> Option<Pointer> {
        let plot = self.picture.get_untracked()?.layout.plot;
        let left =
            (f64::from(event.offset_x()) + plot.left).clamp(plot.left, plot.left + plot.width);
        Some(Pointer {
            left,
            top: Some(f64::from(event.offset_y()) + plot.top),
        })
    }
}
